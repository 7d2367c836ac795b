import test, { type ExecutionContext } from 'ava';
import type { AssetCollection } from '../../src/assets/assets.ts';
import { reachOf } from '../../src/assets/asset-index.ts';
import type { AssetsOptions } from '../../src/assets/options.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { openCollection } from '../helpers/open-collection.ts';

const FILES: Files = {
  'app.js': "import './vendor/editor/editor.js'; import './own.js';",
  'own.js': '',
  'app.css': 'a { background: url(vendor/editor/skin/a.png) }',
  'vendor/editor/editor.js': "import './core.js'; import '../shared.js'; load('plugins/' + name + '.js')",
  'vendor/editor/core.js': 'core',
  'vendor/editor/plugins/link.js': 'link',
  'vendor/editor/skin/a.png': 'a',
  'vendor/shared.js': 'shared',
  'vendor/editor2.js': 'no part of it',
};

async function open(
  t: ExecutionContext,
  options: Partial<AssetsOptions> = {},
  files: Files = FILES,
): Promise<AssetCollection> {
  const roots = await temporaryFolder(t, files);
  return openCollection({
    prefix: '/static/',
    roots,
    strict: true,
    together: ['vendor/editor/'],
    ...options,
  });
}

const fingerprintOf = (assets: AssetCollection, name: string): string => assets.asset(name).fingerprint;
const UNIT = Object.keys(FILES).filter((name) => name.startsWith('vendor/editor/'));

for (const modules of ['group', 'importmap'] as const) {
  test(`all files of a unit share a fingerprint, which changes with each of them (modules: ${modules})`, async (t) => {
    const before = await open(t, { modules });
    t.is(new Set(UNIT.map((name) => fingerprintOf(before, name))).size, 1);
    t.not(fingerprintOf(before, 'vendor/editor2.js'), fingerprintOf(before, 'vendor/editor/core.js'));
    for (const name of UNIT) {
      const after = await open(t, { modules }, { ...FILES, [name]: `${String(FILES[name])} changed` });
      for (const each of UNIT) t.not(fingerprintOf(after, each), fingerprintOf(before, each), each);
    }
  });

  test(`whoever refers to a file of a unit has all of it below its own fingerprint (modules: ${modules})`, async (t) => {
    const assets = await open(t, { modules });
    const reach = reachOf(assets.index, fingerprintOf(assets, 'app.css'));
    for (const name of UNIT) t.true(reach.has(name), name);
    const changed = await open(t, { modules }, { ...FILES, 'vendor/editor/plugins/link.js': 'other' });
    t.not(fingerprintOf(changed, 'app.css'), fingerprintOf(assets, 'app.css'));
  });
}

test('modules within a unit stay in its fingerprint with an import map too; those around it have their own', async (t) => {
  const assets = await open(t, { modules: 'importmap' });
  const own = fingerprintOf(assets, 'vendor/editor/core.js');
  t.is(
    assets.url('vendor/editor/core.js', { from: 'vendor/editor/editor.js' }),
    `/static/${own}/vendor/editor/core.js`,
  );
  t.is(assets.url('vendor/editor/editor.js', { from: 'app.js' }), assets.url('vendor/editor/editor.js'));
  t.is(
    new Set(['app.js', 'own.js', 'vendor/shared.js'].map((name) => fingerprintOf(assets, name))).add(own)
      .size,
    4,
  );
  // A worker of the unit sees no import map: what it imports beyond is there, and covered.
  t.true(reachOf(assets.index, own).has('vendor/shared.js'));
  const changed = await open(t, { modules: 'importmap' }, { ...FILES, 'vendor/shared.js': 'other' });
  t.not(fingerprintOf(changed, 'vendor/editor/core.js'), own);
});

test('url() with "from" finds what a unit imports from outside where the import map sends it', async (t) => {
  const assets = await open(
    t,
    { modules: 'importmap' },
    {
      ...FILES,
      'vendor/editor/core.js': "import '../outside.js'",
      'vendor/outside.js': "import './shared.js'",
    },
  );
  for (const name of ['vendor/outside.js', 'vendor/shared.js'])
    for (const from of ['app.js', 'vendor/editor/editor.js'])
      t.is(assets.url(name, { from }), assets.url(name), `${name} from ${from}`);
});

test('the whole root may be one unit, and units in units are part of it', async (t) => {
  const assets = await open(t, { together: ['./', 'vendor/editor/'] });
  t.is(new Set(assets.paths().map((name) => fingerprintOf(assets, name))).size, 1);
  t.deepEqual(assets.manifest().together, ['']);
});

test('a unit without files is an error in strict mode, with the nearest folder', async (t) => {
  await t.throwsAsync(open(t, { together: ['vendor/edito/'] }), {
    code: 'ASSET_NOT_FOUND',
    message:
      /Cannot find a file in the folder "vendor\/edito\/" under .*, which the option "together" names\. Did you mean "vendor\/editor\/"\?/,
  });
  await t.notThrowsAsync(open(t, { together: ['dist/'], strict: false }));
});

for (const together of ['vendor/editor', '/vendor/', '../x/', 'a//b/', 'a\\b/', './../', ''])
  test(`together: [${JSON.stringify(together)}] is refused`, async (t) => {
    await t.throwsAsync(open(t, { together: [together] }), {
      instanceOf: TypeError,
      message: /names folders by their paths below the root, with "\/" at the end/,
    });
  });

test('what optional files name and is not there is no error, and the error of others names the option', async (t) => {
  const files = { 'vendor/math/a.js': "import './fallback.js'", 'b/c.js': "import './none.js'" };
  await t.throwsAsync(open(t, { together: [] }, files), {
    code: 'REFERENCE_BROKEN',
    message: /If a file works without what it names, list it in the option "optional", such as "b\/c\.js"\.$/,
  });
  await t.notThrowsAsync(open(t, { together: [], optional: ['vendor/math/**', 'b/*.js'] }, files));
  await t.throwsAsync(open(t, { together: [], optional: ['vendor/math/**'] }, files), {
    message: /none\.js/,
  });
});
