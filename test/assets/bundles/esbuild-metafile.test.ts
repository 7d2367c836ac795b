import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { esbuildEntries, isEsbuildMetafile } from '../../../src/assets/bundles/esbuild-metafile.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('esbuildEntries() has entry points, and what is loaded lazily, with the stylesheet of each', async (t) => {
  const folder = await temporaryFolder(t, {
    'src/main.ts':
      "import './main.css'; import { shared } from './shared.js'; shared(); import('./page.js');",
    'src/shared.js': "import './shared.css'; export const shared = () => {};",
    'src/page.js': "import './page.css'; import { shared } from './shared.js'; shared();",
    'src/plain.js': 'console.log(1)',
    'src/main.css': 'a {}',
    'src/shared.css': 'b {}',
    'src/page.css': 'c {}',
    'src/print.css': 'd {}',
  });
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ['src/main.ts', 'src/plain.js', 'src/print.css'],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: join(folder, 'public/dist'),
    metafile: true,
  });
  t.true(isEsbuildMetafile(JSON.parse(JSON.stringify(metafile))));
  const entries = Object.fromEntries(esbuildEntries(metafile));
  const { 'src/page.js': page, ...others } = entries;
  // What nobody names has a name with a hash.
  t.regex(page?.module ?? '', /^public\/dist\/page-\w+\.js$/);
  t.regex(page?.stylesheets.join() ?? '', /^public\/dist\/page-\w+\.css$/);
  t.deepEqual(others, {
    'src/main.ts': { module: 'public/dist/main.js', stylesheets: ['public/dist/main.css'] },
    'src/plain.js': { module: 'public/dist/plain.js', stylesheets: [] },
    'src/print.css': { stylesheets: ['public/dist/print.css'] },
  });
});

test('isEsbuildMetafile() looks at all that it relies on', (t) => {
  t.true(isEsbuildMetafile({ inputs: {}, outputs: {} }));
  for (const other of [
    {},
    null,
    { inputs: {} },
    { inputs: [], outputs: {} },
    { inputs: {}, outputs: { a: null } },
    { inputs: {}, outputs: { a: { entryPoint: 5 } } },
    { inputs: {}, outputs: { a: { cssBundle: [] } } },
  ])
    t.false(isEsbuildMetafile(other), JSON.stringify(other));
});
