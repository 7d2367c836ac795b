import { hexadecimal } from '../../core/hash.ts';
import { cyclesOf, type Group } from './reference-cycles.ts';

/** An asset as its fingerprint sees it. */
export interface AssetNode {
  readonly name: string;
  /** Digest of the asset's own bytes. */
  readonly hash: bigint;
  /** The nodes that must share its fingerprint: modules of one group. */
  readonly together: readonly string[];
  /** The nodes that its fingerprint covers too: a browser asks for them under it. */
  readonly covers: readonly string[];
}

/** Digests bytes to 64 bits. */
export type Digest = (bytes: Uint8Array) => bigint;

/**
 * Gives each node its fingerprint: a digest of the names and bytes of all nodes that have it, which are a group of
 * modules, a cycle of references or mostly a single asset, and of the fingerprints that these cover, so of everything
 * a browser can reach under it.
 *
 * @param nodes - all assets by a key, mostly their name; whatever they name must be among them
 */
export function fingerprintAssets(
  nodes: ReadonlyMap<string, AssetNode>,
  digest: Digest,
): Map<string, string> {
  const groups = groupNodes(nodes);
  const fingerprints = new Map<string, string>();
  for (const [key, node] of nodes) {
    if (!groups.has(key)) fingerprints.set(key, fingerprintOf([node], [], digest));
  }
  for (const cycle of cyclesOf(groups)) {
    const keys = cycle.flatMap(({ members }) => members).toSorted();
    const own = new Set(keys);
    const covered = new Set<string>();
    for (const { covers } of cycle) {
      for (const key of covers) {
        const fingerprint = own.has(key) ? undefined : fingerprints.get(key);
        if (fingerprint !== undefined) covered.add(fingerprint);
      }
    }
    const members = keys.map((key) => nodes.get(key)).filter((node) => node !== undefined);
    const fingerprint = fingerprintOf(members, [...covered].toSorted(), digest);
    for (const key of keys) fingerprints.set(key, fingerprint);
  }
  return fingerprints;
}

const FRAME_BYTES = 12;
const END_BYTES = 4;

/**
 * The fingerprint of assets that share one. Length-framed, so that no two sets of names, bytes and fingerprints give one
 * stream.
 *
 * @param members - in the order of their names
 * @param covered - the fingerprints that they cover beyond themselves, sorted
 */
export function fingerprintOf(
  members: readonly Pick<AssetNode, 'name' | 'hash'>[],
  covered: readonly string[],
  digest: Digest,
): string {
  let size = END_BYTES + covered.length * 16;
  for (const { name } of members) size += FRAME_BYTES + Buffer.byteLength(name);
  const stream = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { name, hash } of members) {
    const bytes = stream.write(name, at + FRAME_BYTES);
    stream.writeUInt32LE(bytes, at);
    stream.writeBigUInt64LE(hash, at + 4);
    at += FRAME_BYTES + bytes;
  }
  // No name is empty.
  at = stream.writeUInt32LE(0, at);
  for (const fingerprint of covered) at += stream.write(fingerprint, at, 'latin1');
  return hexadecimal(digest(stream));
}

/**
 * Merges nodes that are named together, in any direction (a union of sets, each pointing to its root). Nodes that
 * neither name others nor are named together with one are left out: most assets of a site.
 */
function groupNodes(nodes: ReadonlyMap<string, AssetNode>): Map<string, Group> {
  const parents = new Map<string, string>();
  const joined = new Set<string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    for (let each = key; each !== root;) {
      const next = parents.get(each) ?? root;
      parents.set(each, root);
      each = next;
    }
    return root;
  };
  for (const [key, { together }] of nodes) {
    for (const other of together) {
      joined.add(key).add(other);
      const [a, b] = [rootOf(key), rootOf(other)];
      if (a !== b) parents.set(a, b);
    }
  }
  const groups = new Map<string, Group>();
  const byKey = new Map<string, Group>();
  for (const [key, { covers }] of nodes) {
    if (covers.length === 0 && !joined.has(key)) continue;
    const root = rootOf(key);
    const group = groups.get(root) ?? { members: [], covers: [] };
    groups.set(root, group);
    group.members.push(key);
    group.covers.push(...covers);
    byKey.set(key, group);
  }
  return byKey;
}
