import type { ExecutionContext } from 'ava';
import { assetTags, type AssetTags, type AssetTagsOptions } from '../../../src/assets.ts';
import type { AssetCollection } from '../../../src/assets/assets.ts';
import type { AssetsOptions } from '../../../src/assets/options.ts';
import { openCollection } from '../../helpers/open-collection.ts';
import { temporaryFolder, type Files } from '../../helpers/folder.ts';

/** The files of the tests of tags. */
export const FILES: Files = {
  'css/app.css': '@font-face { font-family: a; src: url(../fonts/a.woff2?v=1) }',
  'css/page.css': '@import "./app.css";',
  'fonts/a.woff2': 'font',
  'img/a b&c.png': 'png',
  'img/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'data/a.json': '{}',
  'data/a.vtt': 'WEBVTT',
  'data/a.bin': '',
  'js/app.js': "import './part.mjs'; import './part.mjs?twice'; import('./later.js'); import 'lib';",
  'js/part.mjs': "import './deep/leaf.js'; import './app.js';",
  'js/deep/leaf.js': 'export {};',
  'js/later.js': '',
  'js/classic.js': '',
  'vendor/lib.js': "import './lib-part.js';",
  'vendor/lib-part.js': '',
};

/** Opens assets, closed when the test ends, and tags for them. */
export async function openTags(
  t: ExecutionContext,
  options: Partial<AssetsOptions> & AssetTagsOptions = {},
): Promise<{ assets: AssetCollection; tags: AssetTags; root: string }> {
  const { integrity = false, ...given } = options;
  const root = await temporaryFolder(t, FILES);
  const assets = await openCollection({ prefix: '/static/', roots: root, ...given });
  t.teardown(() => assets.close());
  return { assets, tags: assetTags(assets, { integrity }), root };
}
