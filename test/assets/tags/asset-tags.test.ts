import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assetTags, openAssets, type LinkHeaderItem } from '../../../src/assets.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { FILES, openTags } from './open-tags.ts';

function digestOf(name: string): string {
  return `sha384-${createHash('sha384')
    .update(FILES[name] ?? '')
    .digest('base64')}`;
}

test('stylesheet(), moduleScript() and script() write tags with the URL of the asset', async (t) => {
  const { assets, tags } = await openTags(t);
  t.is(tags.stylesheet('css/app.css'), `<link rel="stylesheet" href="${assets.url('css/app.css')}">`);
  t.is(tags.moduleScript('js/app.js'), `<script type="module" src="${assets.url('js/app.js')}"></script>`);
  t.is(
    tags.script('js/classic.js', { defer: true, async: false, nonce: undefined, fetchpriority: 'low' }),
    `<script src="${assets.url('js/classic.js')}" defer fetchpriority="low"></script>`,
  );
  t.is(tags.asset('js/app.js'), assets.url('js/app.js'));
  t.throws(() => tags.stylesheet('css/ap.css'), {
    code: 'ASSET_NOT_FOUND',
    message: /Did you mean "css\/app\.css"/,
  });
});

test('attributes are escaped and those that a tag does not have refused', async (t) => {
  const { tags } = await openTags(t);
  t.true(
    tags
      .stylesheet('css/app.css', { media: `"><script>alert('&')</script>`, 'data-turbo-track': 'reload' })
      .endsWith(
        ' media="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" data-turbo-track="reload">',
      ),
  );
  t.regex(tags.preload('img/a b&c.png'), /href="\/static\/[0-9a-f]{16}\/img\/a%20b&amp;c\.png"/);
  t.throws(() => tags.stylesheet('css/app.css', { meda: 'print' }), {
    instanceOf: TypeError,
    message: 'stylesheet() has no option "meda". Did you mean "media"?',
  });
  for (const name of ['onload', 'href', 'data-"x', 'defer'])
    t.throws(() => tags.stylesheet('css/app.css', { [name]: 'x' }), { instanceOf: TypeError });
  t.throws(() => tags.script('js/classic.js', { id: ['a'] as never }), {
    message: /"id" is a string, not an array/,
  });
  t.throws(() => tags.script('js/classic.js', 'defer' as never), { instanceOf: TypeError });
  t.throws(() => assetTags({} as never, { intgrity: true } as never), {
    message: /Did you mean "integrity"/,
  });
});

test('preload() says as what a file is preloaded by one table, with crossorigin for fonts and fetch()', async (t) => {
  const { assets, tags } = await openTags(t);
  const rest = (path: string): string => tags.preload(path).replace(/^.*?href="[^"]*"/, '');
  t.is(rest('css/app.css'), ' as="style" type="text/css">');
  t.is(rest('js/classic.js'), ' as="script" type="text/javascript">');
  t.is(rest('fonts/a.woff2'), ' as="font" type="font/woff2" crossorigin="anonymous">');
  t.is(rest('img/a.svg'), ' as="image" type="image/svg+xml">');
  t.is(rest('data/a.json'), ' as="fetch" type="application/json" crossorigin="anonymous">');
  t.is(rest('data/a.vtt'), ' as="track" type="text/vtt">');
  t.is(
    tags.preload('data/a.bin', { as: 'fetch', crossorigin: 'use-credentials' }),
    `<link rel="preload" href="${assets.url('data/a.bin')}" as="fetch" crossorigin="use-credentials">`,
  );
  t.throws(() => tags.preload('data/a.bin'), {
    instanceOf: TypeError,
    message: /"data\/a\.bin" is preloaded\. Pass "as"/,
  });
  t.throws(() => tags.preload('img/a.svg', { as: 'imge' as never }), { instanceOf: TypeError });
});

test('preload() and linkHeader() do as told, not as a script looks: classic by preload() and as, else a module', async (t) => {
  const { assets, tags } = await openTags(t, { integrity: true });
  for (const path of ['js/app.js', 'js/part.mjs', 'js/deep/leaf.js', 'js/classic.js']) {
    const integrity = digestOf(path);
    // Where its characters allow it, a value has no quotes.
    const link = (item: LinkHeaderItem): string => tags.linkHeader([item]).replaceAll('"', '');
    t.is(
      tags.preload(path),
      `<link rel="preload" href="${assets.url(path)}" as="script" type="text/javascript" integrity="${integrity}">`,
    );
    t.is(
      link({ path, as: 'script' }),
      `<${assets.url(path)}>; rel=preload; as=script; type=text/javascript; integrity=${integrity}`,
    );
    t.true(link(path).startsWith(`<${assets.url(path)}>; rel=modulepreload; integrity=${integrity}`));
  }
});

test('preload() with from has the URL that the reference asks for', async (t) => {
  const { assets, tags } = await openTags(t);
  const css = assets.url('css/app.css');
  t.is(
    tags.preload('fonts/a.woff2', { from: 'css/app.css' }),
    `<link rel="preload" href="${css.replace('css/app.css', 'fonts/a.woff2?v=1')}" as="font" type="font/woff2" crossorigin="anonymous">`,
  );
  t.throws(() => tags.preload('img/a.svg', { from: 'css/app.css' }), { code: 'ASSET_NOT_FOUND' });
});

test('modulePreload() names each URL of the static graph once, dynamic imports not, cycles neither', async (t) => {
  const { assets, tags } = await openTags(t);
  const app = assets.url('js/app.js');
  t.deepEqual(hrefs(tags.modulePreload('js/app.js')), [
    app,
    app.replace('app.js', 'part.mjs'),
    app.replace('app.js', 'part.mjs?twice'),
    app.replace('app.js', 'deep/leaf.js'),
  ]);
  t.throws(() => tags.modulePreload('css/app.css'), { instanceOf: TypeError, message: /Take preload\(\)/ });
});

test('modulePreload() follows bare names and the import map', async (t) => {
  const { assets, tags } = await openTags(t, { modules: 'importmap', imports: { lib: 'vendor/lib.js' } });
  t.deepEqual(
    hrefs(tags.modulePreload('js/app.js')),
    ['js/app.js', 'js/part.mjs', 'vendor/lib.js', 'js/deep/leaf.js', 'vendor/lib-part.js'].map((path) =>
      assets.url(path),
    ),
  );
});

function hrefs(html: string): (string | undefined)[] {
  return html.split('\n').map((line) => /^<link rel="modulepreload" href="([^"]*)">$/.exec(line)?.[1]);
}

test('importMap() maps every relative import to the URL of its target, and importMapHash() fits its text', async (t) => {
  const { assets, tags } = await openTags(t, { modules: 'importmap', imports: { lib: 'vendor/lib.js' } });
  const html = tags.importMap({ nonce: 'n"n' });
  const [, text = ''] = /^<script type="importmap" nonce="n&quot;n">(.*)<\/script>$/.exec(html) ?? [];
  const under = (holder: string, path: string): string =>
    assets.url(holder).replace(/(?<=[0-9a-f]{16}\/).*/, path);
  t.deepEqual(JSON.parse(text), {
    imports: {
      lib: assets.url('vendor/lib.js'),
      [under('js/app.js', 'js/part.mjs')]: assets.url('js/part.mjs'),
      [under('js/app.js', 'js/part.mjs?twice')]: assets.url('js/part.mjs'),
      [under('js/app.js', 'js/later.js')]: assets.url('js/later.js'),
      [under('js/part.mjs', 'js/deep/leaf.js')]: assets.url('js/deep/leaf.js'),
      [under('js/part.mjs', 'js/app.js')]: assets.url('js/app.js'),
      [under('vendor/lib.js', 'vendor/lib-part.js')]: assets.url('vendor/lib-part.js'),
    },
  });
  t.is(tags.importMapHash(), `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
});

test('importMap() of some entries maps what they load and no more', async (t) => {
  const { assets, tags } = await openTags(t, { modules: 'importmap' });
  const entries = ['js/part.mjs'];
  const map: { imports: object } = JSON.parse(tags.importMap({ entries }).replaceAll(/<[^>]*>/g, ''));
  t.is(Object.keys(map.imports).length, 5);
  t.not(tags.importMapHash({ entries }), tags.importMapHash());
  const leaf: string = tags.importMap({ entries: ['js/deep/leaf.js'] });
  t.is(leaf, '', assets.version);
});

test('importMap() is empty where nothing has to be mapped, and holds no end of a script', async (t) => {
  const { tags } = await openTags(t);
  t.is(tags.importMap(), '');
  t.is(tags.importMapHash(), '');
  const { tags: named } = await openTags(t, { imports: { '</script><!--': 'vendor/lib.js' } });
  t.regex(
    named.importMap(),
    /^<script type="importmap">\{"imports":\{"\\u003c\/script>\\u003c!--":"[^<]*"\}\}<\/script>$/,
  );
});

test('integrity adds digests, and crossorigin where they are on another origin', async (t) => {
  const { assets, tags } = await openTags(t, { integrity: true });
  const css = digestOf('css/app.css');
  t.is(
    tags.stylesheet('css/app.css'),
    `<link rel="stylesheet" href="${assets.url('css/app.css')}" integrity="${css}">`,
  );
  t.true(tags.modulePreload('js/app.js').includes(` integrity="${digestOf('js/deep/leaf.js')}"`));
  t.true(tags.preload('css/app.css').endsWith(` integrity="${css}">`));
  t.false(
    tags.preload('fonts/a.woff2', { from: 'css/app.css' }).includes('integrity'),
    'a font of CSS is asked for without',
  );
  t.false(
    tags.preload('css/app.css', { from: 'css/page.css' }).includes('integrity'),
    'nor does an import ask with one',
  );
  const map: { integrity: Record<string, string> } = JSON.parse(tags.importMap().replaceAll(/<[^>]*>/g, ''));
  t.is(map.integrity[assets.url('js/part.mjs')], digestOf('js/part.mjs'));
  for (const prefix of ['https://cdn.example.com/static/', '//cdn.example.com/']) {
    const { tags: cdn } = await openTags(t, { integrity: true, prefix });
    const end = ` integrity="${css}" crossorigin="anonymous">`;
    t.true(cdn.stylesheet('css/app.css').endsWith(end));
    t.true(cdn.preload('css/app.css').endsWith(end));
    t.true(cdn.script('js/classic.js').endsWith(' crossorigin="anonymous"></script>'));
    t.false(cdn.moduleScript('js/app.js').includes('crossorigin'), 'modules are asked for with CORS anyhow');
    t.true(
      cdn
        .stylesheet('css/app.css', { crossorigin: 'use-credentials' })
        .endsWith(' crossorigin="use-credentials">'),
    );
  }
});

test('linkHeader() preloads stylesheets, fonts and module graphs', async (t) => {
  const { assets, tags } = await openTags(t, { prefix: 'https://cdn.example.com/static/' });
  const app = assets.url('js/deep/leaf.js');
  t.is(
    tags.linkHeader([
      'css/app.css',
      { path: 'fonts/a.woff2', from: 'css/app.css' },
      'js/deep/leaf.js',
      { path: 'js/classic.js', as: 'script' },
    ]),
    [
      `<${assets.url('css/app.css')}>; rel=preload; as=style; type="text/css"`,
      `<${assets.url('fonts/a.woff2', { from: 'css/app.css' })}>; rel=preload; as=font; type="font/woff2"; crossorigin`,
      `<${app}>; rel=modulepreload`,
      `<${assets.url('js/classic.js')}>; rel=preload; as=script; type="text/javascript"`,
    ].join(', '),
  );
  t.is(tags.linkHeader(['js/app.js']).split(', ').length, 4);
  t.throws(() => tags.linkHeader([{ path: 'css/app.css', form: 'x' } as never]), {
    message: /Did you mean "from"/,
  });
  const { tags: secured } = await openTags(t, { integrity: true });
  t.regex(secured.linkHeader(['js/classic.js']), /; rel=modulepreload; integrity="sha384-[A-Za-z0-9+/=]+"$/);
});

test('linkHeader() takes a list, and asset() its options as an object', async (t) => {
  const { tags } = await openTags(t);
  t.throws(() => tags.linkHeader('css/app.css' as never), {
    instanceOf: TypeError,
    message: 'linkHeader() takes a list of assets, not "css/app.css".',
  });
  t.throws(() => tags.asset('css/app.css', 'js/app.js' as never), {
    instanceOf: TypeError,
    message: 'asset() takes its options as a plain object, not "js/app.js".',
  });
});

test("worker() is the URL by which a page starts a worker, and so is asset() as 'worker'", async (t) => {
  const { assets, tags } = await openTags(t, { modules: 'importmap' });
  t.is(tags.worker('js/app.js'), assets.url('js/app.js', { as: 'worker' }));
  t.is(tags.asset('js/app.js', { as: 'worker' }), tags.worker('js/app.js'));
  t.not(tags.worker('js/app.js'), tags.asset('js/app.js'));
});

test('assetTags() refuses assets that were not awaited, and what is none', async (t) => {
  const root = await temporaryFolder(t, FILES);
  const opening = openAssets({ prefix: '/static/', roots: root });
  t.throws(() => assetTags(opening as never), {
    instanceOf: TypeError,
    message: 'assetTags() takes what openAssets() returned, not a Promise. Did you forget "await"?',
  });
  await opening;
  for (const [assets, told] of [
    [undefined, 'undefined'],
    ['public', '"public"'],
    [{ prefix: '/static/' }, 'an object'],
  ] as const)
    t.throws(() => assetTags(assets as never), {
      instanceOf: TypeError,
      message: `assetTags() takes what openAssets() returned, not ${told}.`,
    });
});

test('a change of what a worker imports is one of the worker', async (t) => {
  const { assets, tags, root } = await openTags(t, { watch: true, modules: 'importmap' });
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  const [asset, worker] = [tags.asset('vendor/lib.js'), tags.worker('vendor/lib.js')];
  const change = once(assets, 'change');
  writeFileSync(join(root, 'vendor/lib-part.js'), '/* changed */');
  t.deepEqual(await change, [{ changed: ['vendor/lib-part.js', 'vendor/lib.js'] }]);
  t.is(tags.asset('vendor/lib.js'), asset);
  t.not(tags.worker('vendor/lib.js'), worker);
});

test('tags follow watched assets', async (t) => {
  const { assets, tags, root } = await openTags(t, { watch: true, modules: 'importmap' });
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  const { stylesheet, modulePreload, importMap, importMapHash } = tags;
  const before = [stylesheet('css/app.css'), modulePreload('js/part.mjs'), importMap(), importMapHash()];
  for (const name of ['css/app.css', 'js/deep/leaf.js']) {
    const change = once(assets, 'change');
    // At once: a file that is still empty would be a change of its own.
    writeFileSync(join(root, name), '/* changed */');
    await change;
  }
  const after = [stylesheet('css/app.css'), modulePreload('js/part.mjs'), importMap(), importMapHash()];
  for (const [index, text] of after.entries()) t.not(text, before[index]);
});
