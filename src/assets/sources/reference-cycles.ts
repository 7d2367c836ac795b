/** Assets that share a fingerprint for the modules among them. */
export interface Group {
  readonly members: string[];
  /** What they refer to. */
  readonly covers: string[];
}

interface Visit {
  readonly group: Group;
  next: number;
}

/**
 * The strongly connected components of groups, each after those it refers to (Tarjan 1972), without recursion: a chain
 * of ten thousand imports is not too deep.
 *
 * @param groups - by the names of their members
 */
export function cyclesOf(groups: ReadonlyMap<string, Group>): Group[][] {
  const cycles: Group[][] = [];
  const index = new Map<Group, number>();
  const low = new Map<Group, number>();
  const open = new Set<Group>();
  const trail: Group[] = [];
  for (const start of new Set(groups.values())) {
    if (index.has(start)) continue;
    const visits: Visit[] = [enter(start)];
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const { group } = visit;
      const name = group.covers[visit.next];
      visit.next += 1;
      if (name === undefined) {
        visits.pop();
        const parent = visits.at(-1)?.group;
        if (parent) lower(parent, low.get(group) ?? 0);
        if (low.get(group) === index.get(group)) cycles.push(close(group));
        continue;
      }
      const target = groups.get(name);
      if (target === undefined) continue;
      if (!index.has(target)) visits.push(enter(target));
      else if (open.has(target)) lower(group, index.get(target) ?? 0);
    }
  }
  return cycles;

  function enter(group: Group): Visit {
    index.set(group, index.size);
    low.set(group, index.size - 1);
    open.add(group);
    trail.push(group);
    return { group, next: 0 };
  }

  function lower(group: Group, value: number): void {
    low.set(group, Math.min(low.get(group) ?? value, value));
  }

  function close(group: Group): Group[] {
    const cycle = trail.splice(trail.lastIndexOf(group));
    for (const each of cycle) open.delete(each);
    return cycle;
  }
}
