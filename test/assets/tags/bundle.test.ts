import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { assetTags, type AssetTags, type AssetTagsOptions } from '../../../src/assets.ts';
import type { AssetCollection } from '../../../src/assets/assets.ts';
import type { AssetsOptions } from '../../../src/assets/options.ts';
import { BUILT, builtFolder } from '../bundles/built.ts';
import { openCollection } from '../../helpers/open-collection.ts';

async function openBundle(
  t: ExecutionContext,
  { integrity = false, ...options }: Partial<AssetsOptions> & AssetTagsOptions = {},
): Promise<{ assets: AssetCollection; tags: AssetTags }> {
  const folder = await builtFolder(t);
  const assets = await openCollection({
    prefix: '/static/',
    roots: join(folder, 'dist'),
    bundle: join(folder, 'dist/.vite/manifest.json'),
    ...options,
  });
  return { assets, tags: assetTags(assets, { integrity }) };
}

const MODES = ['group', 'importmap'] as const;

for (const modules of MODES)
  test(`bundle() writes stylesheets, the module and what it imports, each once, with modules: '${modules}'`, async (t) => {
    const { assets, tags } = await openBundle(t, { modules });
    const expected = [
      `<link rel="stylesheet" href="${assets.url('assets/shared-1.css')}">`,
      `<link rel="stylesheet" href="${assets.url('assets/main-1.css')}">`,
      `<script type="module" src="${assets.url('assets/main-1.js')}"></script>`,
      `<link rel="modulepreload" href="${assets.url('assets/shared-1.js')}">`,
    ];
    t.deepEqual(tags.bundle('src/main.ts').split('\n'), expected);
    t.deepEqual(tags.bundle('main').split('\n'), expected);
  });

for (const modules of MODES)
  test(`bundle() has what the entry loads lazily, as its code will ask for it, with modules: '${modules}'`, async (t) => {
    const { assets, tags } = await openBundle(t, { modules });
    const main = assets.url('assets/main-1.js');
    t.deepEqual(tags.bundle('src/main.ts', { lazy: ['src/Page.vue'] }).split('\n'), [
      `<link rel="stylesheet" href="${assets.url('assets/shared-1.css')}">`,
      `<link rel="stylesheet" href="${assets.url('assets/main-1.css')}">`,
      // The module names it, so that it is asked for under that one's fingerprint.
      `<link rel="stylesheet" href="${main.replace('main-1.js', 'page-1.css')}">`,
      `<script type="module" src="${main}"></script>`,
      `<link rel="modulepreload" href="${assets.url('assets/page-1.js')}">`,
      `<link rel="modulepreload" href="${assets.url('assets/shared-1.js')}">`,
    ]);
  });

test('bundle() writes the stylesheet alone of an entry that is one', async (t) => {
  const { assets, tags } = await openBundle(t);
  t.is(tags.bundle('src/print.css'), `<link rel="stylesheet" href="${assets.url('assets/print-1.css')}">`);
});

test('bundle() puts attributes on all tags, and digests where integrity is asked for', async (t) => {
  const { tags } = await openBundle(t, { integrity: true, prefix: 'https://cdn.example.com/' });
  const written = tags.bundle('main', { nonce: 'a"b', 'data-turbo-track': 'reload' }).split('\n');
  t.is(written.length, 4);
  for (const [index, name] of ['shared-1.css', 'main-1.css', 'main-1.js', 'shared-1.js'].entries()) {
    const digest = createHash('sha384')
      .update(BUILT[`dist/assets/${name}`] ?? '')
      .digest('base64');
    t.true(written[index]?.includes(` integrity="sha384-${digest}"`), written[index]);
    t.true(written[index]?.includes(' nonce="a&quot;b" data-turbo-track="reload"'), written[index]);
    // What is on another origin is checked only when it is asked for in a way that allows it.
    t.is(written[index]?.includes(' crossorigin="anonymous"'), name.endsWith('.css'), written[index]);
  }
  t.throws(() => tags.bundle('main', { id: 'a' } as never), { message: /bundle\(\) has no option "id"/ });
  t.throws(() => tags.bundle('main', { lazy: 'src/Page.vue' } as never), { instanceOf: TypeError });
  t.throws(() => tags.bundle(['main'] as never), { instanceOf: TypeError, message: /not an array/ });
});

test('bundle() tells of an unknown entry the nearest, or which there are, or how to name a bundle', async (t) => {
  const { tags } = await openBundle(t);
  const refused = (entry: string): string =>
    t.throws(() => tags.bundle(entry), { code: 'ASSET_NOT_FOUND' })?.message ?? '';
  t.is(refused('./src/main.ts'), 'The bundle has no entry "./src/main.ts". Did you mean "src/main.ts"?');
  t.is(
    refused('constructor'),
    'The bundle has no entry "constructor". It has "main", "src/Page.vue", "src/main.ts", "src/print.css".',
  );
  t.throws(() => tags.bundle('main', { lazy: ['src/Pgae.vue'] }), {
    message: /Did you mean "src\/Page\.vue"/,
  });
  const without = assetTags(await openCollection({ prefix: '/static/', roots: await builtFolder(t) }));
  t.throws(() => without.bundle('src/main.ts'), { message: /with the option "bundle" of openAssets\(\)/ });
});

test('importMap() takes entries of a bundle for their modules', async (t) => {
  const { assets, tags } = await openBundle(t, { modules: 'importmap' });
  t.is(tags.importMap({ entries: ['src/main.ts'] }), tags.importMap({ entries: ['assets/main-1.js'] }));
  t.true(tags.importMap({ entries: ['main'] }).includes(assets.url('assets/shared-1.js')));
});
