import { cp, mkdir, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { releasesLocation, staticLocation } from '../../src/nginx.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runProgram } from '../helpers/run-node.ts';
import { locationOf, runMain, runNginx } from './run-main.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

const FILES = { 'public/a.css': 'a {}', 'public/.well-known/security.txt': '', 'shared/b.css': 'b {}' };

async function configured(
  t: Parameters<typeof temporaryFolder>[0],
  config: string,
  more = {},
): Promise<string> {
  return temporaryFolder(t, { ...FILES, 'static-url.config.mjs': `export default ${config};`, ...more });
}

test('nginx static takes its flags from the configuration', async (t) => {
  const cwd = await configured(
    t,
    `{ prefix: '/assets', roots: 'public', current: 'current', headers: { 'X-A': 'b' }, cors: true, gzipStatic: true,
       symlinks: 'refuse', dotfiles: true, wellKnown: true, unversionedCacheControl: 'max-age=60', maxAgeSeconds: 3600,
       unknownVersion: 'not-found', mediaTypes: { usd: 'model/vnd.usd' } }`,
  );
  const { code, out, error } = await runNginx(['nginx', 'static'], { cwd });
  t.is(code, 0, error);
  t.is(
    out,
    staticLocation({
      prefix: '/assets/',
      root: join(cwd, 'public'),
      current: join(cwd, 'current'),
      headers: { 'X-A': 'b' },
      cors: true,
      gzipStatic: true,
      symlinks: 'refuse',
      dotfiles: true,
      wellKnown: true,
      unversionedCacheControl: 'max-age=60',
      maxAgeSeconds: 3600,
      unknownVersion: 'not-found',
      mediaTypes: { usd: 'model/vnd.usd' },
    }),
  );
});

test('flags win over the configuration, and switch off what it switches on', async (t) => {
  const cwd = await configured(
    t,
    "{ prefix: '/assets', roots: ['public', 'shared'], cors: true, symlinks: 'refuse' }",
  );
  const argv = ['nginx', 'static', '--prefix', '/s/', '--root', 'shared', '--no-cors', '--no-symlinks'];
  const { out, error } = await runNginx(argv, { cwd });
  t.is(out, staticLocation({ prefix: '/s/', root: join(cwd, 'shared') }), error);
});

test('flags add headers and media types to those of the configuration, or replace them by name', async (t) => {
  const cwd = await configured(
    t,
    `{ prefix: '/s/', roots: 'public', headers: { 'X-Frame-Options': 'DENY', Link: 'a' },
       mediaTypes: { glb: 'model/x', usd: 'model/y' } }`,
  );
  const run = async (...argv: string[]): Promise<string> =>
    (await runNginx(['nginx', 'static', ...argv], { cwd })).out;
  const location = { prefix: '/s/', root: join(cwd, 'public') };
  t.is(
    await run('--header', 'link: b', '--header', 'X-A: c', '--media-type', 'GLB=model/gltf-binary'),
    staticLocation({
      ...location,
      headers: { 'X-Frame-Options': 'DENY', link: 'b', 'X-A': 'c' },
      mediaTypes: { usd: 'model/y', GLB: 'model/gltf-binary' },
    }),
  );
  t.is(
    await run('--no-header', '--header', 'X-A: c', '--no-media-type'),
    staticLocation({ ...location, headers: { 'X-A': 'c' } }),
  );
});

test('--no- before a flag with a value takes back what the configuration says', async (t) => {
  const cwd = await configured(
    t,
    `{ prefix: '/s/', roots: 'public', current: 'current', unknownVersion: 'not-found', maxAgeSeconds: 60,
       unversionedCacheControl: 'max-age=60', releases: 'releases', manifest: 'assets.json' }`,
  );
  const argv = ['nginx', 'static', '--no-current', '--no-max-age', '--no-unversioned'];
  const { out, error } = await runNginx(argv, { cwd });
  t.is(out, staticLocation({ prefix: '/s/', root: join(cwd, 'public') }), error);
  t.is((await runMain(['release', '--no-manifest'], { cwd })).code, 0);
  t.false((await readdir(cwd)).includes('assets.json'));
  const missing = await runMain(['release', '--no-releases'], { cwd });
  t.is(missing.code, 2);
  t.regex(
    missing.error,
    /'--releases <folder>' is missing\. Give it, or set "releases" in static-url\.config\.mjs/,
  );
  // The command's own default stays.
  const report = await runMain(['check', '--no-prefix', '--json'], { cwd });
  t.is(report.code, 0, report.error);
  // Without a configuration there is nothing to take back.
  const bare = await runNginx([...argv, '--prefix', '/s/', '--root', '/srv'], { cwd: '/' });
  t.is(bare.out, staticLocation({ prefix: '/s/', root: '/srv' }), bare.error);
});

test('what the configuration says of unknown versions counts only where nginx knows any', async (t) => {
  const cwd = await configured(t, "{ prefix: '/s/', roots: 'public', unknownVersion: 'not-found' }");
  const location = { prefix: '/s/', root: join(cwd, 'public') };
  t.is((await runNginx(['nginx', 'static'], { cwd })).out, staticLocation(location));
  const current = join(cwd, 'current');
  t.is(
    (await runNginx(['nginx', 'static', '--current', 'current'], { cwd })).out,
    staticLocation({ ...location, current, unknownVersion: 'not-found' }),
  );
});

test('symlinks: "inside" is for release and check: nginx follows links', async (t) => {
  const cwd = await configured(t, "{ prefix: '/s/', roots: 'public', symlinks: 'inside' }");
  const { out, error } = await runNginx(['nginx', 'static'], { cwd });
  t.is(out, staticLocation({ prefix: '/s/', root: join(cwd, 'public') }), error);
});

test('nginx releases sends deltas where the configuration has them, however many, and flags win', async (t) => {
  for (const [deltas, flags, expected] of [
    ['true', [], true],
    ['5', [], true],
    ['false', [], false],
    ['undefined', [], false],
    ['false', ['--deltas'], true],
    ['5', ['--no-deltas'], false],
  ] as const) {
    const cwd = await configured(
      t,
      `{ prefix: '/s/', roots: 'public', releases: 'releases', deltas: ${deltas} }`,
    );
    const { out, error } = await runNginx(['nginx', 'releases', ...flags], { cwd });
    const [root, releases] = [join(cwd, 'public'), join(cwd, 'releases')];
    t.is(out, releasesLocation({ prefix: '/s/', root, releases, deltas: expected }), error);
  }
});

test('nginx releases takes its flags from the configuration', async (t) => {
  const cwd = await configured(
    t,
    `{ prefix: '/s/', roots: 'public', releases: 'releases', cors: true, unknownVersion: 'not-found',
       maxAgeSeconds: 60, mediaTypes: { usd: 'model/vnd.usd' }, maxOpenFiles: 0, dotfiles: true }`,
  );
  const { out, error } = await runNginx(['nginx', 'releases'], { cwd });
  const location = {
    prefix: '/s/',
    root: join(cwd, 'public'),
    releases: join(cwd, 'releases'),
    cors: true,
    unknownVersion: 'not-found',
    maxAgeSeconds: 60,
    mediaTypes: { usd: 'model/vnd.usd' },
    maxOpenFiles: 0,
    dotfiles: true,
  } as const;
  t.is(out, releasesLocation(location), error);
});

test('prune takes from the configuration how much stays, and flags win', async (t) => {
  const cwd = await configured(t, "{ roots: 'public', releases: 'releases', keep: 1, olderThanSeconds: 0 }");
  for (const text of ['one', 'two', 'three']) {
    await writeFiles(cwd, { 'public/a.css': text });
    await runMain(['release'], { cwd });
  }
  const kept = async (...argv: string[]): Promise<unknown> =>
    JSON.parse((await runMain(['prune', '--dry-run', '--json', ...argv], { cwd })).out).kept.length;
  t.is(await kept(), 1);
  t.is(await kept('--keep', '2'), 2);
  t.is(await kept('--older-than', '1h'), 3);
  t.is(await kept('--no-older-than'), 3);
});

test('release and prune take their flags from the configuration', async (t) => {
  const cwd = await configured(
    t,
    `{ roots: ['public', 'shared'], releases: 'releases', manifest: 'assets.json', modules: 'importmap',
       imports: { lib: 'lib.js' }, wellKnown: true }`,
    { 'shared/lib.js': '', 'public/app.js': "import 'lib';" },
  );
  const { code, out, error } = await runMain(['release', '--json'], { cwd });
  t.is(code, 0, error);
  t.is(JSON.parse(out).assets.count, 5);
  const manifest = JSON.parse(await readFile(join(cwd, 'assets.json'), 'utf8'));
  t.is(manifest.modules, 'importmap');
  t.deepEqual(manifest.assets['app.js'].references, [{ kind: 'import', specifier: 'lib', target: 'lib.js' }]);
  const prune = await runMain(['prune', '--json'], { cwd });
  t.is(prune.code, 0, prune.error);
  t.is(JSON.parse(prune.out).kept.length, 1);
  await runMain(['release', '--releases', 'elsewhere'], { cwd });
  t.true((await readdir(cwd)).includes('elsewhere'));
});

test('release and check take from the configuration whether links out of the roots are followed', async (t) => {
  for (const [config, flags, code] of [
    ["{ roots: 'public', releases: 'releases' }", [], 1],
    ["{ roots: 'public', releases: 'releases', symlinks: 'inside' }", [], 1],
    ["{ roots: 'public', releases: 'releases', symlinks: 'refuse' }", [], 1],
    ["{ roots: 'public', releases: 'releases', symlinks: 'refuse' }", ['--symlinks', 'follow'], 0],
    ["{ roots: 'public', releases: 'releases', symlinks: 'follow' }", [], 0],
    ["{ roots: 'public', releases: 'releases', symlinks: 'follow' }", ['--no-symlinks'], 1],
  ] as const) {
    const cwd = await configured(t, config);
    await symlink('../shared', join(cwd, 'public/linked'));
    for (const command of ['check', 'release'])
      t.is(
        (await runMain([command, ...flags], { cwd })).code,
        code,
        `${command} ${flags.join(' ')} ${config}`,
      );
  }
});

test('check takes its flags from the configuration', async (t) => {
  const cwd = await configured(t, "{ roots: ['public', 'shared'], imports: { lib: 'gone.js' } }", {
    'public/app.js': "import 'lib';",
  });
  const { code, out } = await runMain(['check', '--json'], { cwd });
  t.is(code, 1);
  t.is(JSON.parse(out).files, 3);
  t.is(JSON.parse(out).findings[0].reference, 'lib');
});

test('url takes prefix and root from the configuration, where it means one', async (t) => {
  const one = await configured(t, "{ prefix: '/assets', roots: 'public', wellKnown: true }");
  const flags = ['--from', 'content', '--root', 'public', '--prefix', '/assets/', '--well-known'];
  const { out, error } = await runMain(['url', '--from', 'content'], { cwd: one });
  await rm(join(one, 'static-url.config.mjs'));
  t.is(out, (await runMain(['url', ...flags], { cwd: one })).out, error);
  const two = await configured(t, "{ prefix: '/assets', roots: ['public', 'shared'] }");
  t.regex((await runMain(['url', '--from', 'now'], { cwd: two })).out, /^\/assets\/[0-9a-f]{16}\/\n$/);
  const failed = await runMain(['url', '--from', 'content'], { cwd: two });
  t.is(failed.code, 2);
  t.regex(
    failed.error,
    /^error: static-url\.config\.mjs has 2 folders in "roots", and "static-url url" takes one\. Name it with --root\./,
  );
});

test('the nginx commands take one root of several, and say which, and what is lost', async (t) => {
  const cwd = await configured(t, "{ prefix: '/s/', roots: ['public', 'shared'], releases: 'releases' }");
  for (const [command, advice] of [
    ['static', /Name with --root the one that holds what pages ask for: files of the others are 404\.\n$/],
    [
      'releases',
      /Name with --root the one whose files are asked for without a version, .*: files of the others are 404 without one, and under versions that are not released\.\n$/,
    ],
  ] as const) {
    const { code, out, error } = await runNginx(['nginx', command], { cwd });
    t.deepEqual([code, out], [2, '']);
    t.regex(error, advice);
    t.is((await runNginx(['nginx', command, '--root', 'shared'], { cwd })).code, 0);
  }
});

test('the help of --config names flags that take back what it says, which the command has', async (t) => {
  const cwd = await temporaryFolder(t, FILES);
  const needed: Readonly<Record<string, readonly string[]>> = {
    url: ['--from', 'now'],
    'mark current': ['--from', 'now'],
    check: ['--root', 'public'],
    release: ['--root', 'public', '--releases', 'releases', '--dry-run'],
    prune: ['--releases', 'releases'],
    'nginx static': ['--prefix', '/s/', '--root', 'public'],
    'nginx releases': ['--prefix', '/s/', '--root', 'public', '--releases', 'releases'],
  };
  for (const [command, flags] of Object.entries(needed)) {
    const { out } = await runMain([...command.split(' '), '--help']);
    const [said = ''] = /--config <file>[^]*?take\s+back\s+what\s+it\s+says/.exec(out) ?? [];
    const named = said.match(/--no-[\w-]+/g) ?? [];
    t.is(named.length, 2, out);
    const { error } = await runMain([...command.split(' '), ...flags, ...named], { cwd });
    t.notRegex(error, /unknown option/, `${command} ${named.join(' ')}`);
  }
});

test('a mistake in the configuration is told with its line', async (t) => {
  const bin = join(CHECKOUT, 'dist/cli/bin.js');
  const run = async (text: string, ending = 'mjs'): Promise<string> => {
    const config = `static-url.config.${ending}`;
    const cwd = await temporaryFolder(t, { 'package.json': '{"type":"module"}', [`real/${config}`]: text });
    await symlink('real', join(cwd, 'linked'));
    const args = [bin, 'url', '--from', 'now', '--config', `linked/${config}`];
    const { code, stderr } = await runProgram(process.execPath, args, { cwd });
    t.is(code, 1);
    return stderr.replace(cwd, '.');
  };
  const thrown = "export const roots = 'public';\nexport default {\n  prefix: process.env.NOPE.trim(),\n};\n";
  for (const ending of ['mjs', 'js', 'ts'])
    t.is(
      await run(thrown, ending),
      `error: Cannot run linked/static-url.config.${ending}:3:28: Cannot read properties of undefined (reading 'trim')\n`,
    );
  t.regex(
    await run("\nimport { defineConfg } from 'node:fs';\nexport default {};"),
    /^error: Cannot run linked\/static-url\.config\.mjs:2: .*defineConfg/,
  );
  t.is(
    await run("export default {\n  prefix: '/s/'\n  releases: 'r',\n};"),
    `error: Cannot run linked/static-url.config.mjs: Unexpected identifier 'releases'. Run "node --check ./linked/static-url.config.mjs" to see where; if that finds nothing, with the files that it imports.\n`,
  );
});

test('--config names the file, and mistakes in it are wrong usage, named with their place', async (t) => {
  const cwd = await configured(t, "{ prefix: '/wrong/' }", {
    'deploy/cdn.mjs': "export default { prefix: '/cdn/', roots: '../public' };",
    'deploy/broken.mjs': 'export default { roots: [1] };',
  });
  const { out } = await runNginx(['nginx', 'static', '--config', 'deploy/cdn.mjs'], { cwd });
  t.is(out, staticLocation({ prefix: '/cdn/', root: join(cwd, 'public') }));
  const broken = await runMain(['release', '--config', join(cwd, 'deploy/broken.mjs')], { cwd: '/' });
  t.deepEqual(broken, {
    code: 2,
    out: '',
    error: 'error: broken.mjs: Item 1 of "roots" is a non-empty path or a "file:" URL, not 1.\n',
  });
  const gone = await runMain(['prune', '--config', 'gone.js'], { cwd });
  t.is(gone.code, 1);
  t.regex(gone.error, /^error: Cannot find the configuration ".*\/gone\.js"/);
});

const CONFIG_IN_TYPESCRIPT = `interface Folders { readonly roots: string }
const folders = { roots: 'public' } satisfies Folders;
export default { ...folders, prefix: '/typed/' as string };`;

test('a configuration in TypeScript is read by Node or by jiti, whichever is there', async (t) => {
  const cwd = await temporaryFolder(t, { ...FILES, 'static-url.config.ts': CONFIG_IN_TYPESCRIPT });
  const bin = join(CHECKOUT, 'dist/cli/bin.js');
  const { stdout, stderr } = await runProgram(process.execPath, [bin, 'nginx', 'static'], { cwd });
  t.is(locationOf(stdout), staticLocation({ prefix: '/typed/', root: join(cwd, 'public') }), stderr);
});

test('without Node and jiti to read TypeScript the error says what to do', async (t) => {
  const cwd = await temporaryFolder(t, { ...FILES, 'static-url.config.ts': CONFIG_IN_TYPESCRIPT });
  // The package as it is installed, with no jiti beside it.
  const installed = join(cwd, 'node_modules/static-url');
  await mkdir(installed, { recursive: true });
  for (const name of ['dist', 'package.json'])
    await cp(join(CHECKOUT, name), join(installed, name), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(cwd, 'node_modules', name)), { recursive: true });
    await symlink(join(CHECKOUT, 'node_modules', name), join(cwd, 'node_modules', name));
  }
  const args = ['--no-experimental-strip-types', join(installed, 'dist/cli/bin.js'), 'nginx', 'static'];
  const { code, stdout, stderr } = await runProgram(
    process.execPath,
    process.allowedNodeEnvironmentFlags.has('--experimental-strip-types') ? args : args.slice(1),
    { cwd },
  );
  t.is(code, 1, stdout);
  t.regex(
    stderr,
    /^error: Cannot read static-url\.config\.ts: Node .* strips no types\. .*"npm install --save-dev jiti"\.\n$/,
  );
});

test('a configuration that waits for ever fails, before and behind its default export', async (t) => {
  const bin = join(CHECKOUT, 'dist/cli/bin.js');
  for (const text of [
    'await new Promise(() => {}); export default {};',
    'export default new Promise(() => {});',
  ]) {
    const cwd = await temporaryFolder(t, { ...FILES, 'static-url.config.mjs': text });
    const { code, stdout, stderr } = await runProgram(process.execPath, [bin, 'url', '--from', 'now'], {
      cwd,
    });
    t.is(code, 1, text);
    t.is(stdout, '');
    t.regex(stderr, /^error: .* does the configuration export a promise that nothing settles\?/);
  }
});

test('a configuration in TypeScript without default export is told so, by Node or by jiti', async (t) => {
  const bin = join(CHECKOUT, 'dist/cli/bin.js');
  const run = async (type: string, text: string): Promise<string> => {
    // Without one, that of a folder above would say what the file is.
    const files = { 'package.json': JSON.stringify({ type }), 'static-url.config.ts': text };
    const cwd = await temporaryFolder(t, files);
    return (await runProgram(process.execPath, [bin, 'url', '--from', 'now'], { cwd })).stderr;
  };
  t.regex(
    await run('module', 'export const roots: string = "public";'),
    /^error: static-url\.config\.ts has no default export\./,
  );
  t.is(await run('commonjs', 'module.exports = { roots: "public" as string };'), '');
});

test('a configuration that TypeScript compiled for a CommonJS package is read by its default export', async (t) => {
  const compiled = "Object.defineProperty(exports, '__esModule', { value: true });";
  const bin = join(CHECKOUT, 'dist/cli/bin.js');
  const run = async (text: string): Promise<string> => {
    const cwd = await temporaryFolder(t, { 'package.json': '{}', 'static-url.config.js': compiled + text });
    const { stdout, stderr } = await runProgram(process.execPath, [bin, 'url', '--from', 'now'], { cwd });
    return stdout + stderr;
  };
  t.regex(await run("exports.default = { prefix: '/compiled/' };"), /^\/compiled\/[0-9a-f]{16}\/\n$/);
  t.regex(
    await run("exports.prefix = '/compiled/';"),
    /^error: static-url\.config\.js has no default export\./,
  );
});
