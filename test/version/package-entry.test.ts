import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runProgram } from '../helpers/run-node.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

const EXPORTS = [
  'StaticUrlError',
  'getStaticUrlContent',
  'getStaticUrlEnv',
  'getStaticUrlFile',
  'getStaticUrlGit',
  'getStaticUrlNow',
  'openAssets',
];

test('static-url exports the helpers, openAssets and their error, to import and to require', async (t) => {
  const imported = await runProgram(
    process.execPath,
    ['--input-type=module', '--eval', "console.log(Object.keys(await import('static-url')).join())"],
    { cwd: PACKAGE },
  );
  t.is(imported.stdout.trim(), EXPORTS.join(), imported.stderr);
  const required = Object.keys(createRequire(join(PACKAGE, 'index.cjs'))('static-url') as object);
  t.deepEqual(required.filter((name) => name !== '__esModule').toSorted(), EXPORTS);
});

test('static-url loads no dependency for its synchronous helpers', async (t) => {
  // A copy where no dependency can be found.
  const folder = await temporaryFolder(t, { 'package.json': '{"type":"module"}', sentinel: '' });
  await cp(join(PACKAGE, 'dist'), join(folder, 'dist'), { recursive: true });
  const program = `
    import * as api from './dist/index.js';
    process.env.VERSION = 'v42';
    api.getStaticUrlNow('/static/');
    api.getStaticUrlFile('/static/', 'sentinel', { time: 'mtime', secret: 'pepper' });
    console.log(api.getStaticUrlEnv('/static/', 'VERSION'));
    await api.getStaticUrlContent('/static/', 'dist').catch(({ code }) => console.log(code));`;
  const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
  });
  t.is(stdout, '/static/aafa8c00753f1a92/\nERR_MODULE_NOT_FOUND\n', stderr);
});
