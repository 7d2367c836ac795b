import { join } from 'node:path';
import test from 'ava';
import { build, type Format } from 'esbuild';
import { temporaryFolder } from '../helpers/folder.ts';
import { runProgram } from '../helpers/run-node.ts';

const entry = (name: string): string =>
  JSON.stringify(new URL(`../../src/${name}.ts`, import.meta.url).pathname);

/** A server as one writes it for production, and what it says of what a bundle cannot do. */
const SERVER = `
  import express from 'express';
  import { getStaticUrlNow } from ${entry('index')};
  import { openAssets } from ${entry('assets')};
  import { assetsRouter, devStaticRouter, pageCache } from ${entry('express')};
  import { createPages, fileStore } from ${entry('pages')};
  import { createSite, route } from ${entry('site')};

  const codeOf = async (call) => {
    try {
      await call();
      return 'none';
    } catch (error) {
      return error.code + ': ' + error.message;
    }
  };
  async function main() {
    const assets = await openAssets({ prefix: '/static/', roots: 'public', watch: true });
    const app = express();
    const pages = createPages({ sites: ['https://www.example.com'], urls: ['/'], store: fileStore({ folder: 'pages' }), app });
    app.use(pageCache(pages), assetsRouter(assets));
    app.use((request, response) => response.type('html').send('<!doctype html><title>a page</title>'));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const answer = await fetch('http://127.0.0.1:' + server.address().port + assets.url('app.css'));
    server.close();
    server.closeAllConnections();
    const published = await pages.publish('/');
    const settings = {
      app,
      origin: 'https://www.example.com',
      routes: [route('/'), route('/:page', { params: () => Array.from({ length: 300 }, (_, page) => 'p' + page) })],
      compress: true,
    };
    const site = createSite({ ...settings, out: 'site' });
    const exported = await site.export();
    const parallel = createSite({ ...settings, out: 'parallel', parallel: 2, appModule: 'app.js' });
    console.log(JSON.stringify({
      now: getStaticUrlNow('/static/').length,
      asset: [answer.status, answer.headers.get('cache-control'), await answer.text()],
      unknown: await codeOf(() => assets.url('ap.css')),
      mistyped: await codeOf(() => openAssets({ prefix: '/static/', root: 'public' })),
      liveReload: await codeOf(() => devStaticRouter('/static/', 'public', { liveReload: true })),
      withoutLiveReload: await codeOf(() => devStaticRouter('/static/', 'public')),
      published: published.results.length, exported: exported.pages.count,
      parallel: await codeOf(() => parallel.export()),
    }));
    await assets.close();
    await pages.close();
  }
  main();
`;

const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

for (const format of ['cjs', 'esm'] satisfies Format[]) {
  test(`a server that esbuild bundles as ${format} serves assets, pages and a site without any package beside it`, async (t) => {
    const folder = await temporaryFolder(t, {
      'public/app.css': 'a {}',
      'app.js': 'module.exports = () => {};',
    });
    const outfile = join(folder, format === 'cjs' ? 'server.cjs' : 'server.mjs');
    await build({
      stdin: { contents: SERVER, resolveDir: import.meta.dirname },
      outfile,
      format,
      bundle: true,
      platform: 'node',
      // Optional, and not in use.
      external: ['@aws-sdk/*', '@azure/*', '@google-cloud/*', 'jiti'],
      logLevel: 'silent',
      ...(format === 'esm' && { banner: { js: REQUIRE } }),
    });
    const { stdout, stderr, code } = await runProgram(process.execPath, [outfile], { cwd: folder });
    t.is(stderr, '');
    t.is(code, 0);
    const { unknown, mistyped, liveReload, parallel, ...said } = JSON.parse(stdout) as Readonly<
      Record<string, string>
    >;
    t.deepEqual(said, {
      asset: [200, 'public, max-age=31536000, immutable', 'a {}'],
      withoutLiveReload: 'none',
      published: 1,
      exported: 301,
      now: 25,
    });
    t.regex(unknown ?? '', /^ASSET_NOT_FOUND: .* Did you mean "app\.css"\?$/);
    t.regex(mistyped ?? '', /Did you mean "roots"\?$/);
    t.regex(liveReload ?? '', /^BUNDLED: Live reload needs files .* as external to the bundler/);
    t.regex(parallel ?? '', /^BUNDLED: The option "parallel" needs files/);
  });
}
