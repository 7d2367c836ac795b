import { createHash } from 'node:crypto';
import { readFile, rm, truncate } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { build } from 'esbuild';
import type { Assets, AssetTags } from '../../src/assets.ts';
import { deltaName } from '../../src/releases/options.ts';
import { openWindow } from '../helpers/chromium.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { serveRenewedSite, visit, type Transfer, type Visit } from './renewed-site.ts';

const SERVERS = ['nginx', 'handler'] as const;

/** In bytes, with the headers, of which there are some 400. */
const FEW = 700;

/** A script of 5 KB, or a stylesheet: what it does, and text that hardly compresses. */
function fileThat(code: string, filler = ''): string {
  const lines = Array.from({ length: 120 }, (_, line) =>
    createHash('sha256').update(`${filler}${line}`).digest('base64url'),
  );
  return `${code}\n/*\n${lines.join('\n')}\n*/\n`;
}

const FONT = '@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2';
const IMAGE = 'leaflet/dist/images/marker-icon-2x.png';
const installed = (name: string): string => fileURLToPath(import.meta.resolve(name));

const style = (color: string): string =>
  fileThat(`@font-face { font-family: Paper; src: url(../paper.woff2) }
    body { font-family: Paper; background: url(../pin.png); color: ${color} }`);

const runs = (release: number | string): string => fileThat(`document.body.dataset.ran = '${release}';`);

function assertDelta(t: ExecutionContext, transfer: Transfer | undefined, most = FEW): void {
  t.is(transfer?.coding, 'dcz');
  t.true((transfer?.bytes ?? Infinity) < most, `${transfer?.bytes} bytes`);
}

function assertWhole(t: ExecutionContext, transfer: Transfer | undefined, least = 5000): void {
  t.is(transfer?.coding, undefined);
  t.true((transfer?.bytes ?? 0) > least, `${transfer?.bytes} bytes`);
}

const scriptTag = ({ script }: AssetTags): string => script('app.js');

/** A bundle of 800 KB that says which release it is of. */
const bundle = build({
  stdin: {
    contents: "export * from 'bootstrap'; export * from 'three'; document.body.dataset.ran = 'RELEASE';",
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
}).then(({ outputFiles: [file] }) => file?.text ?? '');

for (const server of SERVERS)
  test.serial(
    `Chromium through ${server}: a line changed in a script of 800 KB costs less than 1 KB, release by release and with one skipped`,
    async (t) => {
      const site = await serveRenewedSite(t, server, ({ moduleScript }) => moduleScript('app.js'));
      const release = async (name: string): Promise<unknown> =>
        site.release({ 'app.js': (await bundle).replace('RELEASE', name) });
      const [regular, occasional, other] = [await openWindow(t), await openWindow(t), await openWindow(t)];
      await release('1');
      for (const visitor of [regular, occasional]) {
        const { ran, transfers } = await visit(visitor, site.url);
        t.is(ran, '1');
        assertWhole(t, transfers['app.js'], 800_000);
      }
      await release('2');
      const second = await visit(regular, site.url);
      t.is(second.ran, '2');
      assertDelta(t, second.transfers['app.js'], 1000);
      const again = await visit(regular, site.url);
      t.deepEqual([again.ran, again.transfers], ['2', {}], 'what came as a delta is kept');
      await release('3');
      for (const visitor of [regular, occasional]) {
        const { ran, transfers } = await visit(visitor, site.url);
        t.is(ran, '3');
        assertDelta(t, transfers['app.js'], 1000);
      }
      const first = await visit(other, site.url);
      t.is(first.ran, '3');
      assertWhole(t, first.transfers['app.js'], 800_000);
    },
  );

for (const server of [...SERVERS, 'assetsRouter'] as const)
  test.serial(
    `Chromium through ${server}: who has only what is older than the releases that deltas are made against gets the whole file`,
    async (t) => {
      const site = await serveRenewedSite(t, server, scriptTag, { deltas: 1 });
      const [last, older] = [await openWindow(t), await openWindow(t)];
      await site.release({ 'app.js': runs(1) });
      await visit(older, site.url);
      await site.release({ 'app.js': runs(2) });
      await visit(last, site.url);
      await site.release({ 'app.js': runs(3) });
      const visits = [await visit(last, site.url), await visit(older, site.url)];
      t.deepEqual(
        visits.map(({ ran }) => ran),
        ['3', '3'],
      );
      assertDelta(t, visits[0]?.transfers['app.js']);
      assertWhole(t, visits[1]?.transfers['app.js']);
    },
  );

for (const server of SERVERS) {
  const through = `Chromium through ${server}:`;

  test.serial(
    `${through} a script of another origin comes as a delta, and its digest is that of the script`,
    async (t) => {
      const site = await serveRenewedSite(t, server, scriptTag, { elsewhere: true });
      const visitor = await openWindow(t);
      await site.release({ 'app.js': runs(1) });
      await visit(visitor, site.url);
      const assets = await site.release({ 'app.js': runs(2) });
      const { page, ran, transfers } = await visit(visitor, site.url);
      const { integrity, crossOrigin, src } = await page.evaluate<Record<string, string>>(
        '(({ integrity, crossOrigin, src }) => ({ integrity, crossOrigin, src }))(document.scripts[0])',
      );
      t.deepEqual([integrity, crossOrigin], [assets.integrity('app.js'), 'anonymous']);
      t.not(new URL(src ?? '').origin, site.url);
      t.is(ran, '2');
      assertDelta(t, transfers['app.js']);
    },
  );

  test.serial(
    `${through} of modules that are renewed as a group, each that has not changed costs a few hundred bytes`,
    async (t) => {
      const site = await serveRenewedSite(t, server, ({ moduleScript }) => moduleScript('js/app.js'));
      const visitor = await openWindow(t);
      await site.release({
        'js/app.js': fileThat(
          "import { a } from './a.js'; import { b } from './b.js'; document.body.dataset.ran = a + b;",
        ),
        'js/a.js': fileThat("export { a } from './c.js';"),
        'js/b.js': fileThat("export const b = 'b';"),
        'js/c.js': fileThat("export const a = 'a';"),
      });
      t.is((await visit(visitor, site.url)).ran, 'ab');
      await site.release({ 'js/c.js': fileThat("export const a = 'changed';", 'changed') });
      assertUnit(t, await visit(visitor, site.url), 'changedb', 'js/c.js', [
        'js/app.js',
        'js/a.js',
        'js/b.js',
      ]);
    },
  );

  test.serial(
    `${through} of a folder that is renewed as a unit, each file that has not changed costs a few hundred bytes`,
    async (t) => {
      const site = await serveRenewedSite(t, server, ({ script }) => script('unit/app.js'), {
        together: ['unit/'],
      });
      const visitor = await openWindow(t);
      const app = `for (const name of ['word', 'last']) document.head.append(Object.assign(
        document.createElement('script'),
        { async: false, src: document.currentScript.src.replace('app', name) },
      ));`;
      await site.release({
        'unit/app.js': fileThat(app),
        'unit/word.js': fileThat("globalThis.word = '1';"),
        'unit/last.js': fileThat('document.body.dataset.ran = globalThis.word;'),
      });
      t.is((await visit(visitor, site.url)).ran, '1');
      await site.release({ 'unit/word.js': fileThat("globalThis.word = '2';", 'changed') });
      assertUnit(t, await visit(visitor, site.url), '2', 'unit/word.js', ['unit/app.js', 'unit/last.js']);
    },
  );

  test.serial(
    `${through} a stylesheet that changed brings its font and image under new URLs as deltas, and both are shown`,
    async (t) => {
      const [font, image] = await Promise.all([FONT, IMAGE].map(async (name) => readFile(installed(name))));
      if (font === undefined || image === undefined) throw new Error('There is no font, or no image.');
      const site = await serveRenewedSite(t, server, ({ stylesheet, asset }) => {
        const pin = asset('pin.png', { from: 'css/site.css' });
        return `${stylesheet('css/site.css')}text<script type="module">
          const image = Object.assign(new Image(), { src: '${pin}' });
          const [[font]] = await Promise.all([document.fonts.load('9px Paper'), image.decode()]);
          document.body.dataset.ran = [getComputedStyle(document.body).color, font.status, image.naturalWidth];
        </script>`;
      });
      const visitor = await openWindow(t);
      await site.release({ 'css/site.css': style('red'), 'paper.woff2': font, 'pin.png': image });
      t.is((await visit(visitor, site.url)).ran, 'rgb(255, 0, 0),loaded,50');
      await site.release({ 'css/site.css': style('blue') });
      const { ran, transfers } = await visit(visitor, site.url);
      t.is(ran, 'rgb(0, 0, 255),loaded,50');
      t.deepEqual(Object.keys(transfers).toSorted(), ['css/site.css', 'paper.woff2', 'pin.png']);
      for (const transfer of Object.values(transfers)) assertDelta(t, transfer);
    },
  );

  test.serial(
    `${through} who has asked for a part of a file since has the whole as a dictionary still`,
    async (t) => {
      const site = await serveRenewedSite(t, server, scriptTag);
      const visitor = await openWindow(t);
      await site.release({ 'app.js': runs(1) });
      const { page } = await visit(visitor, site.url);
      const asking =
        "fetch(document.scripts[0].src, { cache: 'reload', headers: { Range: 'bytes=10-2000' } })";
      t.is(await page.evaluate(`${asking}.then(async (part) => (await part.blob()).size)`), 1991);
      await site.release({ 'app.js': runs(2) });
      const { ran, transfers } = await visit(visitor, site.url);
      t.is(ran, '2');
      assertDelta(t, transfers['app.js']);
    },
  );

  test.serial(`${through} who has what a cache in between has changed gets the whole file`, async (t) => {
    const site = await serveRenewedSite(t, server, scriptTag);
    const url = await startChangingCache(t, site.url);
    const visitor = await openWindow(t);
    await site.release({ 'app.js': runs(1) });
    t.is((await visit(visitor, url)).ran, '9');
    await site.release({ 'app.js': runs(2) });
    const { ran, transfers } = await visit(visitor, url);
    t.is(ran, '2');
    assertWhole(t, transfers['app.js']);
  });

  test.serial(`${through} where a delta was removed the whole file comes`, async (t) => {
    const site = await serveRenewedSite(t, server, scriptTag);
    const visitor = await openWindow(t);
    await site.release({ 'app.js': runs(1) });
    await visit(visitor, site.url);
    await rm(deltaFile(site.releases, await site.release({ 'app.js': runs(2) }), runs(1)));
    const { ran, transfers } = await visit(visitor, site.url);
    t.is(ran, '2');
    assertWhole(t, transfers['app.js']);
  });

  test.serial(
    `${through} files come as deltas whose names ${server === 'nginx' ? 'stand for themselves in a pattern of URLs' : 'a pattern of URLs can say'}`,
    async (t) => {
      const literal = ['app.js', '[slug].js', "a,b;c=d@e~f!g'h&i$j|k_l-m.js", 'deep/down/app.js'];
      const escaped = ['a (1).js', 'a+b.js', '*.js', 'a{b}.js', 'a?b=c.js', 'a%b.js', 'ä.js'];
      const unsayable = ['a:b.js', 'c:/d.js'];
      const names = [...literal, ...escaped, ...unsayable];
      const site = await serveRenewedSite(t, server, ({ script }) =>
        names.map((name) => script(name)).join(''),
      );
      const visitor = await openWindow(t);
      const release = async (count: number): Promise<unknown> => {
        const code = `document.body.dataset.ran = Number(document.body.dataset.ran ?? 0) + ${count};`;
        return site.release(Object.fromEntries(names.map((name) => [name, fileThat(code, name)])));
      };
      await release(1);
      t.is((await visit(visitor, site.url)).ran, String(names.length));
      await release(2);
      const { ran, transfers } = await visit(visitor, site.url);
      t.is(ran, String(2 * names.length));
      const deltas = names.filter((name) => transfers[name]?.coding === 'dcz');
      t.deepEqual(deltas, server === 'nginx' ? literal : [...literal, ...escaped]);
    },
  );
}

test.serial('Chromium through handler: where a delta was cut short the whole file comes', async (t) => {
  const site = await serveRenewedSite(t, 'handler', scriptTag);
  const visitor = await openWindow(t);
  await site.release({ 'app.js': runs(1) });
  await visit(visitor, site.url);
  await truncate(deltaFile(site.releases, await site.release({ 'app.js': runs(2) }), runs(1)), 60);
  const { ran, transfers } = await visit(visitor, site.url);
  t.is(ran, '2');
  assertWhole(t, transfers['app.js']);
});

/** Starts a server in front of another that makes a 9 of a 1 in what a script says. */
async function startChangingCache(t: ExecutionContext, origin: string): Promise<string> {
  const pass = async ({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await request(origin, url, { headers: headers as Record<string, string> });
    response.writeHead(answer.status, answer.headers);
    response.end(String(answer.body).replace("'1'", "'9'"));
  };
  const { url } = await listen(t, (incoming, response) => void pass(incoming, response));
  return url;
}

function assertUnit(
  t: ExecutionContext,
  { ran, transfers }: Visit,
  expected: string,
  changed: string,
  others: readonly string[],
): void {
  t.is(ran, expected);
  t.deepEqual(Object.keys(transfers).toSorted(), [changed, ...others].toSorted());
  // All of its text is new.
  t.true((transfers[changed]?.bytes ?? 0) > 3000);
  for (const name of others) assertDelta(t, transfers[name]);
}

/** Where a release has `app.js` as the difference from an older one. */
function deltaFile(releases: string, assets: Assets, older: string): string {
  const [, , fingerprint = ''] = assets.url('app.js').split('/');
  const dictionary = createHash('sha256').update(older).digest('base64');
  return join(releases, fingerprint, deltaName('app.js', dictionary));
}
