import test from 'ava';
import {
  createAssetIndex,
  type Asset,
  type AssetIndex,
  type AssetReference,
} from '../../src/assets/asset-index.ts';
import type { Claim } from '../../src/releases/claims.ts';
import { timeOfContent } from '../../src/releases/release-layout.ts';
import { planPruning, type KeepRule } from '../../src/releases/prune-releases.ts';
import { refetchedFiles, renewedAssets } from '../../src/releases/refetched-files.ts';
import { planRelease } from '../../src/releases/release-plan.ts';

const HOUR = 60 * 60 * 1000;
const NOW = 1_000_000 * HOUR;

/** An asset whose bytes and fingerprint are told by short texts. */
function asset(
  name: string,
  fingerprint: string,
  hash: string,
  size: number,
  references: readonly (readonly [kind: AssetReference['kind'], target: string])[] = [],
): Asset {
  return {
    name,
    fingerprint,
    hash,
    size,
    references: references.map(([kind, target]) => ({ kind, target, specifier: `./${target}` })),
    file: `/${fingerprint}/${name}`,
  };
}

function indexOf(...assets: Asset[]): AssetIndex {
  return createAssetIndex(new Map(assets.map((each) => [each.name, each])), { modules: 'group' });
}

function claim(versions: string[], fingerprints: string[]): Claim {
  return { versions: new Set(versions), fingerprints: new Set(fingerprints) };
}

const NOTHING = claim([], []);

test('planRelease() wants each content once, and knows where the release before has it', (t) => {
  const image = asset('b.png', 'f2', 'h2', 20);
  const before = indexOf(asset('a.css', 'f0', 'h0', 9, [['resource', 'b.png']]), image);
  const after = indexOf(
    asset('a.css', 'f1', 'h1', 10, [['resource', 'b.png']]),
    image,
    asset('c.css', 'f3', 'h1', 10),
  );
  const { folders, contents } = planRelease(after, new Set(['f0', 'f2']), before);
  t.deepEqual(
    folders.map(({ fingerprint, assets, present }) => [
      fingerprint,
      assets.map(({ name }) => name).join(),
      present,
    ]),
    [
      ['f1', 'a.css,b.png', false],
      ['f2', 'b.png', true],
      ['f3', 'c.css', false],
    ],
  );
  t.deepEqual(
    contents.map(({ key, released, names }) => [key, released, [...names].join()]),
    [
      ['h1-10', undefined, 'a.css,c.css'],
      ['h2-20', '/f2/b.png', 'b.png'],
    ],
  );
  t.is(planRelease(after, new Set(), before).contents[1]?.released, undefined);
});

test('refetchedFiles() counts each file once that has a new URL, not source maps, links or new files', (t) => {
  const before = indexOf(
    asset('a.js', 'f1', 'h1', 10, [['source-map', 'a.js.map']]),
    asset('a.js.map', 'f2', 'h2', 100),
    asset('a.css', 'f3', 'h3', 30, [['resource', 'b.png']]),
    asset('c.css', 'f4', 'h4', 40, [['resource', 'b.png']]),
    asset('b.png', 'f5', 'h5', 50),
    asset('same.png', 'f6', 'h6', 60),
  );
  const after = indexOf(
    asset('a.js', 'g1', 'i1', 11, [
      ['source-map', 'a.js.map'],
      ['link', 'same.png'],
    ]),
    asset('a.js.map', 'g2', 'i2', 101),
    asset('a.css', 'g3', 'i3', 31, [
      ['resource', 'b.png'],
      ['resource', 'new.png'],
    ]),
    asset('c.css', 'g4', 'i4', 41, [['resource', 'b.png']]),
    asset('b.png', 'f5', 'h5', 50),
    asset('same.png', 'f6', 'h6', 60),
    asset('new.png', 'g7', 'i7', 70),
  );
  t.deepEqual(refetchedFiles(before, after), [
    { name: 'b.png', size: 50, reason: 'renewed' },
    { name: 'c.css', size: 41, reason: 'changed' },
    { name: 'a.css', size: 31, reason: 'changed' },
    { name: 'a.js', size: 11, reason: 'changed' },
  ]);
  t.deepEqual(refetchedFiles(after, after), []);
});

test('renewedAssets() tells under which fingerprint a file is fetched: its own, if that is new', (t) => {
  const image = asset('same.png', 'f3', 'h3', 30);
  const [before, after] = ['1', '2'].map((deploy) =>
    indexOf(
      asset('a.css', `a${deploy}`, `h${deploy}`, 10, [
        ['resource', 'b.css'],
        ['resource', 'same.png'],
      ]),
      asset('b.css', `b${deploy}`, `i${deploy}`, 20),
      image,
    ),
  ) as [AssetIndex, AssetIndex];
  const places = [...renewedAssets(before, after)].map(([name, { fingerprint }]) => [name, fingerprint]);
  t.deepEqual(Object.fromEntries(places), { 'a.css': 'a2', 'b.css': 'b2', 'same.png': 'a2' });
});

test('refetchedFiles() counts no module for the worker that it might be', (t) => {
  const module = asset('w.js', 'f1', 'h1', 10, [['import', 'd.js']]);
  const [before, after] = ['1', '2'].map((deploy) => {
    const assets = [
      { ...module, workerFingerprint: `w${deploy}` },
      asset('d.js', `d${deploy}`, `h${deploy}`, 20),
    ];
    return createAssetIndex(new Map(assets.map((each) => [each.name, each])), { modules: 'importmap' });
  }) as [AssetIndex, AssetIndex];
  t.deepEqual(refetchedFiles(before, after), [{ name: 'd.js', size: 20, reason: 'changed' }]);
});

const RULE: KeepRule = { keep: 1, olderThanMilliseconds: 24 * HOUR, now: NOW };
const MANIFESTS = [
  {
    version: 'v4',
    releasedAt: NOW - HOUR,
    index: indexOf(asset('a', 'f4', 'h', 1), asset('s', 'fs', 'h', 1)),
  },
  { version: 'v3', releasedAt: NOW - 30 * HOUR, index: indexOf(asset('a', 'f3', 'h', 1)) },
  { version: 'v2', releasedAt: NOW - 900 * HOUR, index: indexOf(asset('a', 'f2', 'h', 1)) },
  {
    version: 'v1',
    releasedAt: NOW - 901 * HOUR,
    index: indexOf(asset('a', 'f1', 'h', 1), asset('s', 'fs', 'h', 1)),
  },
];
const FOLDERS = ['f0', 'f1', 'f2', 'f3', 'f4', 'fs'];

test('planPruning() keeps the newest, and what was replaced lately, however old it is', (t) => {
  const plan = planPruning({ announced: NOTHING, manifests: MANIFESTS, folders: FOLDERS }, RULE);
  // v2 was current until 30 hours ago, v3 until an hour ago.
  t.deepEqual(plan.kept, ['v4', 'v3']);
  t.deepEqual(plan.removed, claim(['v2', 'v1'], ['f0', 'f1', 'f2']));
});

test('planPruning() keeps so many of the newest, whatever their age', (t) => {
  const state = { announced: NOTHING, manifests: MANIFESTS, folders: FOLDERS };
  t.deepEqual(planPruning(state, { ...RULE, keep: 3 }).kept, ['v4', 'v3', 'v2']);
  t.deepEqual(planPruning(state, { ...RULE, keep: 9 }).removed, claim([], ['f0']));
  t.deepEqual(planPruning(state, { ...RULE, olderThanMilliseconds: 0 }).kept, ['v4']);
  t.deepEqual(planPruning(state, { ...RULE, olderThanMilliseconds: 31 * HOUR }).kept, ['v4', 'v3', 'v2']);
});

test('planPruning() keeps what is announced', (t) => {
  const state = { announced: claim(['v1'], ['f0']), manifests: MANIFESTS, folders: FOLDERS };
  const plan = planPruning(state, RULE);
  t.deepEqual(plan.kept, ['v4', 'v3', 'v1']);
  t.deepEqual(plan.removed, claim(['v2'], ['f2']));
});

test('planPruning() removes only what is condemned, and no folder that a release names which is not', (t) => {
  const state = { announced: NOTHING, manifests: MANIFESTS, folders: FOLDERS };
  // v1 came again while the list was written, and its folder was there before it.
  const plan = planPruning({ ...state, condemned: claim(['v2'], ['f1', 'f2', 'f3']) }, RULE);
  t.deepEqual(plan.kept, ['v4', 'v3', 'v1']);
  t.deepEqual(plan.removed, claim(['v2'], ['f2']));
});

test('timeOfContent() depends on the bytes and lies in the past', (t) => {
  const times = ['0000000000000000', 'ffffffffffffffff', '0123456789abcdef'].map(timeOfContent);
  t.is(new Set(times).size, 3);
  for (const time of times) t.true(time >= Date.UTC(2000) / 1000 && time < Date.UTC(2018) / 1000);
});
