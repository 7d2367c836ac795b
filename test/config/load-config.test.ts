import { join } from 'node:path';
import test from 'ava';
import { defineConfig } from '../../src/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const ENTRY = JSON.stringify(new URL('../../src/config.ts', import.meta.url).href);

test('defineConfig() returns what it is given', (t) => {
  const config = { prefix: '/static/', roots: ['public'], headers: { 'X-A': 'b' } } as const;
  t.is(defineConfig(config), config);
});

test('loadConfig() reads .js, .mjs and .ts, with paths relative to the file', async (t) => {
  for (const name of ['static-url.config.js', 'static-url.config.mjs', 'static-url.config.ts']) {
    const folder = await temporaryFolder(t, {
      'package.json': '{"type":"module"}',
      [name]: `import { defineConfig } from ${ENTRY};
        export default defineConfig({ prefix: '/s', roots: ['public', '/srv/shared'], releases: '../releases' });`,
    });
    const config = await loadConfig(folder);
    t.is(config?.values.prefix, '/s');
    t.deepEqual(config?.values.roots, [join(folder, 'public'), '/srv/shared']);
    t.is(config?.values.releases, join(folder, '../releases'));
    t.is(config?.values.cors, undefined);
  }
});

test('loadConfig() reads what a CommonJS package exports', async (t) => {
  const folder = await temporaryFolder(t, {
    'package.json': '{}',
    'static-url.config.js': "module.exports = { roots: 'public' };",
  });
  t.deepEqual((await loadConfig(folder))?.values.roots, [join(folder, 'public')]);
});

test('loadConfig() waits for a configuration that is a promise', async (t) => {
  const folder = await temporaryFolder(t, {
    'static-url.config.mjs':
      "export default new Promise((resolve) => setImmediate(resolve, { roots: 'public' }));",
  });
  t.deepEqual((await loadConfig(folder))?.values.roots, [join(folder, 'public')]);
});

test('loadConfig() refuses endings that it does not read', async (t) => {
  for (const ending of ['cjs', 'cts', 'mts', 'json']) {
    const name = `static-url.config.${ending}`;
    const folder = await temporaryFolder(t, { [name]: '{}' });
    await t.throwsAsync(loadConfig(folder), {
      instanceOf: TypeError,
      message: `The configuration "${name}" has an ending that is not read. Name it "static-url.config.js" or "static-url.config.mjs" or "static-url.config.ts".`,
    });
  }
  const both = await temporaryFolder(t, { 'static-url.config.mjs': '', 'static-url.config.json': '' });
  await t.throwsAsync(loadConfig(both), { instanceOf: TypeError, message: /two configurations/ });
});

test('loadConfig() reads the file that is named, with paths relative to its folder', async (t) => {
  const folder = await temporaryFolder(t, {
    'static-url.config.js': 'throw new Error("not this one")',
    'deploy/cdn.mjs': "export default { roots: '../public', current: 'current' };",
  });
  const config = await loadConfig(folder, 'deploy/cdn.mjs');
  t.deepEqual(config?.values.roots, [join(folder, 'public')]);
  t.is(config?.values.current, join(folder, 'deploy/current'));
  t.is(await loadConfig(join(folder, 'deploy')), undefined, 'none there, none named');
});

test('loadConfig() tells what stands in its way', async (t) => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['export default {', { code: 'CONFIG_FAILED', message: /^Cannot run static-url\.config\.mjs: / }],
    ["throw new Error('no database');", { code: 'CONFIG_FAILED', message: /: no database$/ }],
    ["import 'nonexistent-package';", { code: 'CONFIG_FAILED', message: /nonexistent-package/ }],
    [
      'export const config = {};',
      { instanceOf: TypeError, message: /has no default export\. Write "export default/ },
    ],
    [
      "export default Promise.reject(new Error('no vault'));",
      { code: 'CONFIG_FAILED', message: 'Cannot run static-url.config.mjs:1:31: no vault' },
    ],
    ['export default undefined;', { instanceOf: TypeError, message: /has no default export/ }],
    [
      'export default new Map();',
      { instanceOf: TypeError, message: /as a plain object, not an object of class Map/ },
    ],
    ['export default null;', { instanceOf: TypeError, message: /as a plain object, not null/ }],
  ];
  for (const [text, expected] of cases) {
    const folder = await temporaryFolder(t, { 'static-url.config.mjs': text });
    await t.throwsAsync(loadConfig(folder), expected, text);
  }
  const both = await temporaryFolder(t, { 'static-url.config.js': '', 'static-url.config.ts': '' });
  await t.throwsAsync(loadConfig(both), { instanceOf: TypeError, message: /two configurations.*--config/ });
  await t.throwsAsync(loadConfig(both, 'gone.js'), { code: 'CONFIG_NOT_FOUND', message: /gone\.js/ });
});
