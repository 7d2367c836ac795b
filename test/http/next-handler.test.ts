import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';

/** What hands a request on after it has waited for something, each made by a module of its own. */
const HANDLERS = {
  'assets.handler()': `
    const { openAssets } = await import(source + 'assets.ts');
    const assets = await openAssets({ prefix: '/static/', roots: root });
    const handle = assets.handler({ fallthrough: true });`,
  'assetsRouter()': `
    const { openAssets } = await import(source + 'assets.ts');
    const { assetsRouter } = await import(source + 'express.ts');
    const handle = assetsRouter(await openAssets({ prefix: '/static/', roots: root }), { fallthrough: true });`,
  'devStaticRouter()': `
    const { devStaticRouter } = await import(source + 'express.ts');
    const handle = devStaticRouter('/static/', root, { symlinks: 'refuse' });`,
  'pageCache()': `
    const { createPages, fileStore } = await import(source + 'pages.ts');
    const { pageCache } = await import(source + 'express.ts');
    const pages = createPages({
      sites: ['http://localhost'], urls: [], store: fileStore({ folder: root + '/store' }), app: () => {}, sweepSeconds: 0,
    });
    const handle = pageCache(pages);`,
};

for (const [name, program] of Object.entries(HANDLERS)) {
  test(`${name} calls a next handler that throws once, and no promise rejects`, async (t) => {
    const folder = await temporaryFolder(t, { 'public/app.css': '' });
    const told = await runForValue(`
      import { createServer } from 'node:http';
      const source = ${JSON.stringify(new URL('../../src/', import.meta.url).href)};
      const root = ${JSON.stringify(join(folder, 'public'))};
      const told = [];
      process.on('uncaughtException', ({ message }, origin) => told.push(origin + ': ' + message));
      ${program}
      const server = createServer((request, response) => {
        response.locals = {};
        handle(request, response, (error) => {
          told.push('next(' + (error ?? '') + ')');
          response.end();
          throw new Error('thrown');
        });
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      await (await fetch('http://127.0.0.1:' + server.address().port + '/static/missing.css')).text();
      console.log(JSON.stringify(told));
      process.exit();
    `);
    t.deepEqual(told, ['next()', 'uncaughtException: thrown']);
  });
}
