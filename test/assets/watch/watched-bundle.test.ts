import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { assetTags } from '../../../src/assets.ts';
import { builtFolder, BUILT, VITE_MANIFEST } from '../bundles/built.ts';
import { until } from '../../helpers/descriptors.ts';
import { writeFiles } from '../../helpers/folder.ts';
import { watchFolder } from './watched-folder.ts';

test('a new build is taken over, though it begins with an empty folder, and nothing is said of that', async (t) => {
  const folder = await builtFolder(t);
  const [roots, bundle] = [join(folder, 'dist'), join(folder, 'dist/.vite/manifest.json')];
  const { assets, settled, warnings } = await watchFolder(t, { roots, bundle });
  const tags = assetTags(assets);
  t.regex(tags.bundle('main'), /main-1\.js/);
  for (const build of [2, 3]) {
    await rm(join(roots, '.vite'), { recursive: true });
    await rm(join(roots, 'assets'), { recursive: true });
    // Time enough to notice that it is gone.
    await until(() => !assets.has(`assets/main-${build - 1}.js`));
    const files = Object.entries(BUILT).map(([name, text]) => [
      name.replace('-1.', `-${build}.`),
      String(text).replaceAll('-1.', `-${build}.`),
    ]);
    await writeFiles(folder, Object.fromEntries(files));
    await settled();
    t.regex(tags.bundle('main'), new RegExp(`main-${build}\\.js`));
  }
  // Of files that are not yet there while others name them there may be warnings.
  t.deepEqual(
    warnings.filter((warning) => warning.includes('The bundle')),
    [],
  );
});

test('a bundle that changes alone is taken over, and told of when it cannot be read', async (t) => {
  const folder = await builtFolder(t);
  const [roots, bundle] = [join(folder, 'dist'), join(folder, 'dist/.vite/manifest.json')];
  const { assets, settled, warned } = await watchFolder(t, { roots, bundle });
  const tags = assetTags(assets);
  const page = VITE_MANIFEST['src/Page.vue'];
  await writeFile(bundle, JSON.stringify({ 'src/new.ts': { ...page, isEntry: true, imports: [] } }));
  await until(() => assets.manifest().bundle?.['src/new.ts'] !== undefined);
  await settled();
  t.regex(tags.bundle('src/new.ts'), /page-1\.css.*\n.*page-1\.js/);
  await writeFile(bundle, '{');
  await warned(/manifest\.json" is not JSON/);
  t.regex(tags.bundle('src/new.ts'), /page-1\.js/, 'the last one stays');
  await writeFile(bundle, JSON.stringify({ 'src/new.ts': { file: 'assets/new.js' } }));
  await warned(/names the file ".*assets\/new\.js", which is not there/);
});
