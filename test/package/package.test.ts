import test from 'ava';
import { writeFiles } from '../helpers/folder.ts';
import { installPackage } from '../helpers/install-package.ts';

const USE = `
const url: string = getStaticUrlNow('/static/', { hash: false });
const error: StaticUrlError | undefined = undefined as StaticUrlError | undefined;
const code: 'FILE_NOT_FOUND' | undefined = error?.code === 'FILE_NOT_FOUND' ? error.code : undefined;
const router: DevStaticRouter = devStaticRouter('/static/', '.', { maxAge: 0, liveReload: false });
const app = express().use(router);
const text: string = staticLocation({ prefix: '/static/', root: '/srv' });
console.log(url, code, app, text, router.liveReloadTag);
// @ts-expect-error an option that is not there
getStaticUrlNow('/static/', { sekret: 'x' });
// @ts-expect-error a secret may not be undefined
getStaticUrlNow('/static/', { secret: undefined });
`;
const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['*.mts', '*.cts'],
};

test('the packed package is used from TypeScript, JavaScript and CommonJS, and its program runs', async (t) => {
  const { folder, run } = await installPackage(t, {
    'tsconfig.json': JSON.stringify(TSCONFIG),
    'use.mts': `import express from 'express';
      import { getStaticUrlNow, type StaticUrlError } from 'static-url';
      import { devStaticRouter, type DevStaticRouter } from 'static-url/express';
      import { staticLocation } from 'static-url/nginx';${USE}`,
    'use.cts': `import express = require('express');
      import staticUrl = require('static-url');
      import { getStaticUrlNow, type StaticUrlError } from 'static-url';
      import { devStaticRouter, type DevStaticRouter } from 'static-url/express';
      import { staticLocation } from 'static-url/nginx';
      console.log(staticUrl.getStaticUrlNow('/static/'));${USE}`,
    'use.mjs': `import { getStaticUrlNow } from 'static-url'; import 'static-url/express'; import 'static-url/nginx';
      console.log(getStaticUrlNow('/static/'));`,
    'use.cjs': `const { getStaticUrlNow } = require('static-url'); require('static-url/express'); require('static-url/nginx');
      console.log(getStaticUrlNow('/static/'));`,
  });
  await t.notThrowsAsync(
    run('npx', 'tsc', '-p', '.').catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    }),
  );
  const url = /^\/static\/[0-9a-f]{16}\/\n$/;
  t.regex((await run(process.execPath, 'use.mjs')).stdout, url);
  const required = await run(process.execPath, 'use.cjs');
  t.regex(required.stdout, url);
  t.is(required.stderr, '');
  t.regex((await run('npx', 'static-url', 'url', '--from', 'now')).stdout, url);
  const files = await run('find', 'node_modules/static-url', '-type', 'f');
  t.notRegex(files.stdout, /\/(?:src|test|bench|examples)\//);
  t.regex(files.stdout, /\/nginx\/static\.conf\n/);

  await writeFiles(folder, {
    'public/app.css': '{}',
    'with-express-4.mjs': `import { readFileSync } from 'node:fs';
    import express from 'express';
    import { devStaticRouter } from 'static-url/express';
    const server = express().use(devStaticRouter('/static/', 'public')).listen(0, '127.0.0.1', async () => {
      const { version } = JSON.parse(readFileSync('node_modules/express/package.json', 'utf8'));
      const url = 'http://127.0.0.1:' + server.address().port + '/static/0123456789abcdef/app.css';
      const response = await fetch(url, { headers: { Connection: 'close' } });
      console.log(version, response.status, await response.text());
      server.close();
    });`,
    'without-express.mjs': `import { devStaticRouter } from 'static-url/express';
    console.log(typeof devStaticRouter('/static/', '.'));`,
  });
  await run('npm', 'install', '--prefer-offline', 'express@4');
  t.regex((await run(process.execPath, 'with-express-4.mjs')).stdout, /^4\.\S+ 200 \{\}\n$/);
  await run('npm', 'uninstall', 'express', '@types/express');
  t.is((await run(process.execPath, 'without-express.mjs')).stdout, 'function\n');
});
