import test from 'ava';
import type { Comparison, WantedFile } from '../../../src/site/publishing/compare-file.ts';
import type { Journal } from '../../../src/site/publishing/journal.ts';
import type { LeftObject, Manifest, PublishedFile } from '../../../src/site/publishing/manifest.ts';
import { planPublish, type PublishPlan } from '../../../src/site/publishing/publish-plan.ts';
import type { TargetObject } from '../../../src/site/targets/target.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 5, 1);
const PAGE = 'about/index.html';
const ASSET = 'static/0123456789abcdef/app.css';

test('planPublish() retires a fingerprinted asset that the site no longer has, and deletes a page', (t) => {
  const plan = planOf({ published: { [PAGE]: 'page', [ASSET]: 'fingerprinted' } });
  t.deepEqual([...plan.retired.keys()], [ASSET]);
  t.deepEqual(keysOf(plan.deletes), [PAGE]);
});

test('planPublish() deletes a retired asset once thirty days and three publishes have passed', (t) => {
  const retired = { at: NOW - 30 * DAY, number: 7 };
  const plan = planOf({ number: 9, left: retired, wanted: ['new.html'] });
  t.is(plan.number, 10);
  t.deepEqual(keysOf(plan.deletes), [ASSET]);
});

test('planPublish() keeps a retired asset that has been retired for less than thirty days', (t) => {
  const plan = planOf({ number: 90, left: { at: NOW - 30 * DAY + 1, number: 7 }, wanted: ['new.html'] });
  t.deepEqual(keysOf(plan.deletes), []);
  t.deepEqual([...plan.left.keys()], [ASSET]);
});

test('planPublish() keeps a retired asset for three publishes, however old it is', (t) => {
  const plan = planOf({ number: 8, left: { at: NOW - 300 * DAY, number: 7 }, wanted: ['new.html'] });
  t.is(plan.number, 9);
  t.deepEqual(keysOf(plan.deletes), []);
});

test("planPublish() deletes no retired asset where the target's clock is not known", (t) => {
  const retired = { at: NOW - 300 * DAY, number: 1 };
  const plan = planOf({ number: 9, left: retired, wanted: ['new.html'], now: undefined });
  t.deepEqual(keysOf(plan.deletes), []);
});

test('planPublish() does not count a publish that changes nothing', (t) => {
  const plan = planOf({ number: 9, left: { at: NOW - 300 * DAY, number: 7 } });
  t.is(plan.number, 9);
  t.deepEqual(keysOf(plan.deletes), []);
  t.false(plan.isManifestOld);
});

test('planPublish() forgets a retired asset that something else has deleted', (t) => {
  const plan = planOf({ number: 9, left: { at: NOW, number: 9 }, isThere: false });
  t.deepEqual([...plan.left.keys()], []);
  t.true(plan.isManifestOld);
});

test('planPublish() leaves a retired asset alone that something else has written anew', (t) => {
  const plan = planOf({ number: 9, left: { at: 0, number: 1 }, wanted: ['new.html'], tag: 'of another' });
  t.deepEqual([keysOf(plan.deletes), [...plan.left.keys()]], [[], []]);
});

test('planPublish() leaves retired assets for the next publish that "maxDeletes" does not allow', (t) => {
  const plan = planOf({ number: 9, left: { at: 0, number: 1 }, wanted: ['new.html'], maxDeletes: 0 });
  t.deepEqual(keysOf(plan.deletes), []);
  t.deepEqual([...plan.left.keys()], [ASSET]);
});

test('planPublish() deletes what an earlier publish could not delete', (t) => {
  const plan = planOf({ number: 9, left: undefined, leftKeys: [PAGE] });
  t.deepEqual(
    plan.deletes.map(({ key, reason }) => [key, reason]),
    [[PAGE, 'left by an earlier publish']],
  );
});

test('planPublish() does not delete what something else has written since', (t) => {
  const plan = planOf({ published: { [PAGE]: 'page' }, tag: 'of another', md5: 'of another' });
  t.deepEqual(keysOf(plan.deletes), []);
  t.deepEqual(plan.notOurs, [PAGE]);
});

test('planPublish() deletes what others have only given other headers', (t) => {
  const plan = planOf({ published: { [PAGE]: 'page' }, tag: 'of the headers', md5: 'md5' });
  t.deepEqual(keysOf(plan.deletes), [PAGE]);
});

test('planPublish() deletes nothing that no manifest names', (t) => {
  const plan = planOf({ others: ['theirs.html', 'static/aaaaaaaaaaaaaaaa/theirs.css'] });
  t.deepEqual([keysOf(plan.deletes), [...plan.retired.keys()], plan.foreign], [[], [], []]);
});

test('planPublish() names what it would replace and has not published', (t) => {
  const plan = planOf({ others: ['index.html'], wanted: ['index.html'] });
  t.deepEqual(plan.foreign, ['index.html']);
});

test('planPublish() takes what a killed publish has written for its own', (t) => {
  const journal = { [PAGE]: 'page', [ASSET]: 'fingerprinted', 'index.html': 'entry' } as const;
  const plan = planOf({ journal, others: [PAGE, ASSET, 'index.html'], wanted: ['index.html'] });
  t.deepEqual(plan.foreign, []);
  t.deepEqual(keysOf(plan.deletes), [PAGE]);
  t.deepEqual([...plan.retired.keys()], [ASSET]);
});

test('planPublish() does not take what a killed publish was about to replace for its own', (t) => {
  const plan = planOf({ journal: { [PAGE]: 'page' }, others: [PAGE], md5: 'of another' });
  t.deepEqual(keysOf(plan.deletes), []);
  t.deepEqual(plan.notOurs, [PAGE]);
});

/** What is given to a plan in short. */
interface Given {
  readonly number?: number;
  readonly published?: Readonly<Record<string, PublishedFile['kind']>>;
  readonly left?: LeftObject['retired'];
  readonly leftKeys?: readonly string[];
  readonly journal?: Readonly<Record<string, PublishedFile['kind']>>;
  /** Objects that no manifest names. */
  readonly others?: readonly string[];
  /** Files of the site, all to be uploaded. */
  readonly wanted?: readonly string[];
  readonly isThere?: boolean;
  /** What the listing says of every object. */
  readonly tag?: string;
  readonly md5?: string;
  readonly now?: number | undefined;
  readonly maxDeletes?: number;
}

function planOf(given: Given): PublishPlan {
  const { number = 1, published = {}, left, journal, others = [], isThere = true } = given;
  const leftKeys = given.leftKeys ?? (left === undefined ? [] : [ASSET]);
  const keys = isThere ? [...Object.keys(published), ...leftKeys, ...others] : others;
  const objects = keys.map((key): readonly [string, TargetObject] => [
    key,
    { key, size: 1, tag: given.tag ?? 'tag', revision: 'revision', modifiedAt: 0, md5: given.md5 ?? 'md5' },
  ]);
  const manifest: Manifest = {
    owner: 'https://www.example.com/',
    number,
    files: new Map(
      Object.entries(published).map(([key, kind]) => [
        key,
        { md5: 'md5', size: 1, headers: {}, kind, tag: 'tag', revision: 'revision' },
      ]),
    ),
    left: new Map(
      leftKeys.map((key) => [
        key,
        { size: 1, tag: 'tag', kind: 'fingerprinted', ...(left !== undefined && { retired: left }) },
      ]),
    ),
  };
  const wanted = (given.wanted ?? []).map(wantedFile);
  return planPublish({
    wanted,
    comparisons: new Map(
      wanted.map(({ file }): [string, Comparison] => [file.key, { kind: 'upload', reason: 'new' }]),
    ),
    remote: {
      objects: new Map(objects),
      manifest,
      journal: journal && journalOf(journal),
      now: 'now' in given ? given.now : NOW,
    },
    keepDays: 30,
    keepPublishes: 3,
    maxDeletes: given.maxDeletes ?? 100,
  });
}

function wantedFile(key: string): WantedFile {
  const file = {
    key,
    size: 1,
    md5: 'new',
    bytes: oneByte,
    phase: 'page',
    isFingerprinted: false,
    record: undefined,
  } as const;
  return { file, headers: {} };
}

async function oneByte(): Promise<Uint8Array> {
  return Buffer.from('x');
}

function journalOf(changed: Readonly<Record<string, PublishedFile['kind']>>): Journal {
  return {
    owner: 'https://www.example.com/',
    number: 2,
    changed: new Map(Object.entries(changed).map(([key, kind]) => [key, { md5: 'md5', kind }])),
    deleted: [],
  };
}

function keysOf(items: readonly { readonly key: string }[]): string[] {
  return items.map(({ key }) => key);
}
