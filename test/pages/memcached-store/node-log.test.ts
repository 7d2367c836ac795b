import { deepEqual } from 'node:assert/strict';
import test from 'ava';
import {
  hasLandedLater,
  isEnded,
  isOvertaken,
  logLine,
  newLog,
  openLandings,
  parseLog,
  placeOf,
  shortened,
  type NodeLog,
} from '../../../src/pages/memcached-store/node-log.ts';
import fc from '../../helpers/fast-check.ts';

const PAGES = ['p0', 'p1', 'p2'];
const PATHS = ['b0', 'b1'];
const TAGS = ['t0', 't1', 't2'];

/** An entry to be, with other words behind its own, so that logs grow long quickly. */
interface Step {
  readonly kind: string;
  readonly choice: number;
  readonly others: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('F', 'B', 'D', 'D', 'D', 'T', 'T', 'L', 'L', 'L', 'E', 'X', 'cut', 'cut'),
    choice: fc.nat(1000),
    others: fc.constantFrom(1, 300, 500),
  }),
  { minLength: 30, maxLength: 90 },
);
const clears = fc.array(fc.nat(90), { maxLength: 2 });

function read(bytes: Buffer): NodeLog {
  const log = parseLog(bytes);
  if (log === undefined) throw new Error('It is no log.');
  return log;
}

function pick(from: readonly string[], choice: number): string {
  return from[choice % from.length] ?? '';
}

/** Words of one length, as hashes are. */
function others(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `o${index}`.padEnd(20, '.'));
}

/** The line of a step; `undefined` where nothing can be ended. */
function lineOf({ kind, choice, others: count }: Step, id: string, whole: NodeLog): Buffer | undefined {
  switch (kind) {
    case 'D':
      return logLine(kind, id, ...others(count), pick(PAGES, choice));
    case 'F':
      return logLine(kind, id, pick(PAGES, choice));
    case 'B':
      return logLine(kind, id, pick(PATHS, choice));
    case 'T':
      return logLine(kind, id, ...others(count), pick(TAGS, choice));
    case 'C':
      return logLine(kind, id);
    case 'L': {
      const places = [...whole.entries.map(({ place }) => place), whole.end];
      return logLine(kind, id, pick(PAGES, choice), places[choice % places.length] ?? 0);
    }
    default: {
      // One that is over may be ended again, by whoever gave up waiting for it.
      const landings = whole.entries.filter((entry) => entry.kind === 'L');
      const landing = landings[choice % landings.length];
      return landing && logLine(kind, landing.id);
    }
  }
}

test('a log that is cut, anywhere and again and again, says of every page what it said before, or that it is overtaken', (t) => {
  let cuts = 0;
  fc.assert(
    fc.property(steps, clears, (some, cleared) => {
      const first = newLog(3, 'test', 'ring');
      let [whole, cut] = [first, first];
      for (const [index, step] of some.entries()) {
        if (step.kind === 'cut') {
          const shorter = shortened(read(cut));
          if (shorter !== undefined) cuts += 1;
          cut = shorter ?? cut;
          continue;
        }
        const kind = cleared.includes(index) ? 'C' : step.kind;
        const line = lineOf({ ...step, kind }, `i${index}`.padEnd(16, '.'), read(whole));
        if (line === undefined) continue;
        whole = Buffer.concat([whole, line]);
        cut = Buffer.concat([cut, line]);
      }
      compare(read(whole), read(cut));
    }),
    { numRuns: 60 },
  );
  t.true(cuts > 50, `${cuts} cuts`);
});

function compare(whole: NodeLog, cut: NodeLog): void {
  deepEqual(cut.end, whole.end);
  deepEqual(cut.evicted, whole.evicted);
  deepEqual(idsOf(openLandings(cut)), idsOf(openLandings(whole)));
  for (const { id, kind, place } of whole.entries.filter((entry) => entry.place >= cut.whole)) {
    if (kind !== 'E' && kind !== 'X') deepEqual(placeOf(cut, id), place);
    if (kind === 'L') deepEqual(isEnded(cut, id), isEnded(whole, id), id);
    deepEqual(idsOf(openLandings(cut, place)), idsOf(openLandings(whole, place)));
  }
  for (const place of [...whole.entries.map((entry) => entry.place), whole.end]) {
    const begun = { epoch: whole.epoch, place };
    for (const page of PAGES) {
      for (const tags of [[], ['t1'], undefined]) {
        const logged = { page, paths: ['b1'] };
        const expected = place < cut.whole || isOvertaken(whole, begun, logged, tags);
        deepEqual(isOvertaken(cut, begun, logged, tags), expected, `${page} begun at ${place}`);
      }
      if (place >= cut.whole)
        deepEqual(
          hasLandedLater(cut, cut.end, page, begun),
          hasLandedLater(whole, whole.end, page, begun),
          `${page} begun at ${place}`,
        );
    }
  }
}

function idsOf(entries: readonly { readonly id: string }[]): string[] {
  return entries.map(({ id }) => id);
}

test('what is cut off a log stays short, however long its last entry is', (t) => {
  let log = newLog(0, 'test', 'ring');
  for (let index = 0; index < 500; index += 1) {
    log = Buffer.concat([log, logLine('D', `i${index}`.padEnd(16, '.'), ...others(500))]);
    log = shortened(read(log)) ?? log;
  }
  t.true(log.length < 64 * 1024, `${log.length} bytes`);
});

test('another epoch, and no log, overtake every page', (t) => {
  const log = read(newLog(0, 'test', 'ring'));
  const page = { page: 'p0', paths: [] };
  t.false(isOvertaken(log, { epoch: log.epoch, place: log.end }, page, []));
  t.true(isOvertaken(log, { epoch: 'another', place: log.end }, page, []));
  t.true(isOvertaken(undefined, { epoch: log.epoch, place: log.end }, page, []));
  t.is(parseLog(Buffer.from('what somebody else keeps there\n')), undefined);
  t.is(parseLog(undefined), undefined);
});
