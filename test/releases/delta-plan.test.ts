import test from 'ava';
import { createAssetIndex, type Asset, type AssetIndex } from '../../src/assets/asset-index.ts';
import { isWorthDelta, planDeltas } from '../../src/releases/delta-plan.ts';
import { resolveReleaseOptions } from '../../src/releases/options.ts';
import { planRelease } from '../../src/releases/release-plan.ts';

function asset(name: string, fingerprint: string, hash: string, size = 5000): Asset {
  return { name, fingerprint, hash, size, references: [], file: `/${fingerprint}/${name}` };
}

function indexOf(...assets: readonly Asset[]): AssetIndex {
  return createAssetIndex(new Map(assets.map((each) => [each.name, each])), { modules: 'group' });
}

/** What is planned, as text: `folder/name: old > new`, sorted. */
function planned(
  after: AssetIndex,
  kept: readonly AssetIndex[],
  count = 3,
  present: string[] = [],
): string[] {
  const { folders } = planRelease(after, new Set(present), undefined);
  return planDeltas(folders, kept, count)
    .flatMap(({ dictionary, content, places }) =>
      [...places].flatMap(([fingerprint, names]) =>
        [...names].map((name) => `${fingerprint}/${name}: ${dictionary.hash} > ${content.split('-')[0]}`),
      ),
    )
    .toSorted();
}

const RELEASES = [5, 4, 3, 2, 1].map((number) => indexOf(asset('a.js', `f${number}`, `h${number}`)));

test('planDeltas() takes as many of the last releases as are asked for', (t) => {
  const after = indexOf(asset('a.js', 'f6', 'h6'));
  t.deepEqual(planned(after, RELEASES, 0), []);
  t.deepEqual(planned(after, RELEASES, 1), ['f6/a.js: h5 > h6']);
  t.deepEqual(planned(after, RELEASES, 3), ['f6/a.js: h3 > h6', 'f6/a.js: h4 > h6', 'f6/a.js: h5 > h6']);
  t.is(planned(after, RELEASES, 9).length, 5);
});

test('resolveReleaseOptions() takes the last three releases unless it is said otherwise', (t) => {
  const counts = [undefined, false, true, 1, 7].map(
    (deltas) =>
      resolveReleaseOptions({
        roots: '/public',
        releases: '/releases',
        ...(deltas !== undefined && { deltas }),
      }).deltas,
  );
  t.deepEqual(counts, [0, 0, 3, 1, 7]);
});

test('planDeltas() wants nothing for a folder that is there, a new name, or a release with the same folder', (t) => {
  const after = indexOf(asset('a.js', 'f6', 'h6'), asset('b.js', 'g6', 'i6'));
  const same = indexOf(asset('a.js', 'f6', 'h6'));
  t.deepEqual(planned(after, [same, ...RELEASES], 2), ['f6/a.js: h5 > h6']);
  t.deepEqual(planned(after, RELEASES, 3, ['f6']), []);
});

test('planDeltas() wants one for equal bytes too, and each pair of contents once', (t) => {
  const after = indexOf(asset('a.js', 'f6', 'h5'), asset('b.js', 'f6', 'h5'));
  const kept = [
    indexOf(asset('a.js', 'f5', 'h5'), asset('b.js', 'f5', 'h5')),
    indexOf(asset('a.js', 'f4', 'h5'), asset('b.js', 'f4', 'h4')),
  ];
  t.deepEqual(planned(after, kept), ['f6/a.js: h5 > h5', 'f6/b.js: h4 > h5', 'f6/b.js: h5 > h5']);
  const deltas = planDeltas(planRelease(after, new Set(), undefined).folders, kept, 3);
  t.deepEqual(
    deltas.map(({ key, earlier }) => [key, [...earlier]]),
    [
      ['h5-5000-h5-5000', ['/f5/a.js', '/f4/a.js', '/f5/b.js']],
      ['h4-5000-h5-5000', ['/f5/b.js']],
    ],
  );
});

test('planDeltas() leaves out names that leave no room for the folder of deltas', (t) => {
  const [long, longest] = ['a'.repeat(251), 'a'.repeat(252)];
  const names = ['plain.js', 'file.js', 'file.js.dcz', 'folder.js', 'folder.js.dcz/x.js', long, longest];
  const [before, after] = ['1', '2'].map((deploy) =>
    indexOf(...names.map((name) => asset(name, `f${deploy}`, `h${deploy}`))),
  ) as [AssetIndex, AssetIndex];
  t.deepEqual(
    planned(after, [before]).map((text) => text.split(': ')[0]),
    ['file.js.dcz', 'folder.js.dcz/x.js', 'plain.js', long].map((name) => `f2/${name}`).toSorted(),
  );
});

function isPlanned(oldSize: number, size: number): boolean {
  const before = indexOf(asset('a.js', 'f1', 'h1', oldSize));
  return planned(indexOf(asset('a.js', 'f2', 'h2', size)), [before]).length > 0;
}

test('planDeltas() leaves out what is too short to be worth one, and too long to be made', (t) => {
  const [most, least] = [8 * 1024 * 1024, 2048];
  t.deepEqual([isPlanned(5000, least - 1), isPlanned(5000, least), isPlanned(9, least)], [false, true, true]);
  t.deepEqual(
    [isPlanned(most, most), isPlanned(most + 1, most), isPlanned(most, most + 1)],
    [true, false, false],
  );
});

test('isWorthDelta() asks for a file of 2 KB and a delta that saves 1 KB', (t) => {
  const cases: readonly (readonly [shortest: number, delta: number, isWorth: boolean])[] = [
    [2047, 100, false],
    [2048, 1024, true],
    [2048, 1025, false],
    [100_000, 98_976, true],
    [100_000, 98_977, false],
  ];
  for (const [shortest, delta, isWorth] of cases) t.is(isWorthDelta(shortest, delta), isWorth, `${shortest}`);
});
