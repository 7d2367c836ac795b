import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const STATIC = ['nginx', 'static', '--prefix', '/s/', '--root', '/srv'];

/** What the API says in the names of its options and helpers. */
const MISTAKES: readonly (readonly [argv: string[], error: string])[] = [
  [
    [...STATIC, '--unknown-version', 'not-found'],
    '--unknown-version needs --current: without markers nginx knows no version.',
  ],
  [
    [...STATIC, '--max-age', '99999999999'],
    '--max-age is a whole number of seconds from 0 to 2147483648, not 99999999999.',
  ],
  [[...STATIC, '--unversioned', ''], '--unversioned is a non-empty string, not "".'],
  [
    [...STATIC, '--header', 'Cache-Control: x'],
    'The header "Cache-Control" is decided by the location itself. Leave it out of --header.',
  ],
  [
    [...STATIC, '--cors', '--header', 'Access-Control-Allow-Origin: https://a.example'],
    'The header "Access-Control-Allow-Origin" is given twice, by --cors too. Keep one.',
  ],
  [
    [...STATIC, '--media-type', '.glb=model/gltf-binary'],
    '--media-type has the extension ".glb". Write it without dot, such as "glb".',
  ],
  [['prune', '--releases', '/srv', '--keep', '0'], '--keep is a whole number of releases from 1 on, not 0.'],
  [
    ['url', '--from', 'git', '--cwd', '/nonexistent'],
    'Cannot ask git in "/nonexistent": there is no such folder. Name a folder of the repository.',
  ],
];

test('errors name the flags that were typed, not the options behind them', async (t) => {
  for (const [argv, message] of MISTAKES) {
    const { out, error } = await runMain(argv);
    t.is(error, `error: ${message}\n`);
    t.is(out, '');
  }
});

test('errors name other sources of the version', async (t) => {
  const folder = await temporaryFolder(t);
  const { error } = await runMain(['url', '--from', 'git', '--cwd', folder]);
  t.is(
    error,
    `error: The folder ${JSON.stringify(folder)} is in no git repository. An image without ".git" can take the version from an environment variable, or from its content.\n`,
  );
});

test('errors leave what a user wrote as it is', async (t) => {
  const cwd = await temporaryFolder(t);
  const { error } = await runMain(['url', '--from', 'file', '--file', 'the option "file"'], { cwd });
  t.true(error.includes(JSON.stringify(join(cwd, 'the option "file"'))), error);
});

test('errors of the configuration name its file, whatever flags are typed beside', async (t) => {
  const cwd = await temporaryFolder(t, {
    'static-url.config.mjs': "export default { prefix: '/s/', roots: 'public', headers: { ETag: 'x' } };",
  });
  for (const argv of [[], ['--header', 'X-A: b'], ['--no-header']]) {
    t.is(
      (await runMain(['nginx', 'static', ...argv], { cwd })).error,
      'error: static-url.config.mjs: The header "ETag" is decided by the location itself. Leave it out of "headers".\n',
    );
  }
});

test('errors name an option of the configuration that a flag does not go with by the file', async (t) => {
  const cwd = await temporaryFolder(t, {
    'cdn.mjs': "export default { prefix: '/s/', roots: 'public', cors: true };",
  });
  const flags = ['--config', join(cwd, 'cdn.mjs'), '--header', 'Access-Control-Allow-Origin: a'];
  t.is(
    (await runMain(['nginx', 'static', ...flags], { cwd })).error,
    'error: The header "Access-Control-Allow-Origin" is given twice, by "cors" in cdn.mjs too. Keep one.\n',
  );
});
