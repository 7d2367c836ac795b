import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { ExportReport } from '../../src/site/index.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { request } from '../helpers/request.ts';
import { runProgram } from '../helpers/run-node.ts';
import { filesOf, kindsOf } from '../site/exported.ts';

// Sites that others have written, from npm, which know nothing of being exported.

const test = anyTest as TestFn<{ readonly packages: string }>;

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
const SITE = new URL('../../dist/site.js', import.meta.url).href;
const OWN_PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Raneto's programs for deploying it, which the site itself does without. */
const UNUSED = 'npm:empty-npm-package@1.0.0';

test.before(async (t) => {
  // npm may have to fetch them.
  t.timeout(600_000);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'static-url-')));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { raneto: '0.16.0', 'express-generator': '4.16.1' },
      overrides: { pm2: UNUSED, gulp: UNUSED, 'gulp-shell': UNUSED },
    }),
  );
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { code, stderr } = await runProgram('npm', ['install', ...flags], { cwd: folder });
  if (code !== 0) throw new Error(`npm install ended with ${code}: ${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- here it is made
  (t.context as { packages: string }).packages = join(folder, 'node_modules');
});

test.after.always(async ({ context }) => {
  if (context.packages !== undefined) await rm(dirname(context.packages), { recursive: true, force: true });
});

/** A project whose `app.cjs` exports an app, and which is exported to `out` as a user does it. */
async function exported(t: ExecutionContext, folder: string, site: string): Promise<ExportReport> {
  await writeFiles(folder, {
    'static-url.config.mjs': `
      import { route } from ${JSON.stringify(SITE)};
      const packages = new URL('node_modules/', import.meta.url);
      export default {
        app: async () => (await import('./app.cjs')).default,
        site: { origin: 'https://docs.example.com', out: 'out', deadlineSeconds: 600, ${site} },
      };`,
  });
  const { code, stdout, stderr } = await runProgram(process.execPath, [BIN, 'export', '--json'], {
    cwd: folder,
  });
  t.is(code, 0, stderr);
  return JSON.parse(stdout) as ExportReport;
}

/** Asks the app of a project by HTTP for each page of its site, which must be what the app answers. */
async function equalsLiveApp(t: ExecutionContext, folder: string): Promise<void> {
  const program = `require('./app.cjs').listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })`;
  const child = spawn(process.execPath, ['--eval', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
  while (!printed.includes('\n')) await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${/port (\d+)/.exec(printed)![1]}`;
  for (const [name, text] of Object.entries(await filesOf(join(folder, 'out')))) {
    if (!name.endsWith('index.html')) continue;
    const path = `/${name.slice(0, -'index.html'.length).replace(/\/$/, '')}`;
    const answer = async (asked: string) => request(url, asked, { headers: { Host: 'docs.example.com' } });
    const first = await answer(path);
    // An app that is mounted at a path sends visitors to the slash behind it.
    const { status, body } = first.status === 301 ? await answer(`${path}/`) : first;
    t.is(status, 200, path);
    t.is(text, body.toString(), path);
  }
}

/** The libraries that Raneto's own build copies into its public folder, as its pages name them. */
const LIBRARIES = `
  ...Object.entries({
    'bootstrap/dist': 'bootstrap/dist', highlightjs: 'highlightjs', 'jquery/dist': 'jquery/dist', 'fitvids/dist': 'fitvids',
    'masonry-layout/dist': 'masonry-layout/dist', 'jquery-backstretch': 'jquery-backstretch', 'sweetalert2/dist': 'sweetalert2/dist',
  }).flatMap(([from, to]) => PLACES.map((place) => ({ from: new URL(from, packages), to: place + '/lib/' + to })))`;

/** A folder in which Raneto is installed. */
async function ranetoProject(
  t: ExecutionContext<{ readonly packages: string }>,
  app: string,
): Promise<string> {
  const folder = await temporaryFolder(t, { 'app.cjs': app });
  await symlink(t.context.packages, join(folder, 'node_modules'));
  return folder;
}

/** The pages of Raneto's example, by their paths. */
async function pagesOfRaneto(packages: string): Promise<string[]> {
  const names = await readdir(join(packages, 'raneto/example/content'), { recursive: true });
  return names.filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -'.md'.length));
}

test('Raneto, a knowledge base on Express 4 with Hogan templates and sessions, is exported by its links', async (t) => {
  t.timeout(600_000);
  const folder = await ranetoProject(
    t,
    `const config = require('raneto/example/config.default.js');
     module.exports = require('raneto')({ ...config, base_url: 'https://docs.example.com' });`,
  );
  const { findings, pages } = await exported(
    t,
    folder,
    `followLinks: true,
     routes: [route('/'), route('/sitemap.xml')],
     exclude: ['/logout'],
     copies: [
       { from: new URL('raneto/themes/default/public', packages), to: '/' },
       ${LIBRARIES.replace('PLACES', "['']")}
     ],`,
  );
  t.deepEqual(kindsOf(findings), []);
  const written = await filesOf(join(folder, 'out'));
  const articles = await pagesOfRaneto(t.context.packages);
  t.true(articles.length > 15);
  for (const article of articles) t.true(`${article}/index.html` in written, article);
  // The articles, the first page, the page that one logs in on, and Raneto's own sitemap.
  t.is(pages.count, articles.length + 3);
  t.regex(written['sitemap.xml']!, /docs\.example\.com\/install\/requirements/);
  await equalsLiveApp(t, folder);
});

test('Two Ranetos, mounted in one app as its example mounts them, are exported with their own paths', async (t) => {
  t.timeout(600_000);
  const folder = await ranetoProject(
    t,
    `const app = require('express')();
     const raneto = require('raneto');
     const config = require('raneto/example/config.default.js');
     // Its page to log in on assumes the root of the host, as the export would tell.
     const options = { lang: undefined, authentication: false, authentication_for_edit: false, allow_editing: false };
     for (const locale of ['en', 'es']) app.use('/' + locale, raneto({ ...config, ...options, base_url: '/' + locale, locale }));
     module.exports = app;`,
  );
  const { findings } = await exported(
    t,
    folder,
    `followLinks: true,
     routes: [route('/:locale', { params: ['en', 'es'] })],
     exclude: ['/:locale/sitemap.xml'],
     copies: [
       ...['/en', '/es'].map((to) => ({ from: new URL('raneto/themes/default/public', packages), to })),
       ${LIBRARIES.replace('PLACES', "['/en', '/es']")}
     ],`,
  );
  t.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const written = await filesOf(join(folder, 'out'));
  for (const article of await pagesOfRaneto(t.context.packages))
    for (const locale of ['en', 'es']) t.true(`${locale}/${article}/index.html` in written, article);
  t.regex(written['es/index.html']!, /<html lang="es">/);
  t.regex(written['es/index.html']!, /href="\/es\/install\/requirements"/);
  await equalsLiveApp(t, folder);
});

for (const [name, express] of [
  ['Express 4', 'express4'],
  ['Express 5', 'express'],
] as const)
  test(`What express-generator generates is exported from ${name}, its 404 page too`, async (t) => {
    t.timeout(600_000);
    const { packages } = t.context;
    const folder = await temporaryFolder(t);
    const generator = join(packages, 'express-generator/bin/express-cli.js');
    const { code, stderr } = await runProgram(process.execPath, [generator, '--view=ejs', '--force', folder]);
    t.is(code, 0, stderr);
    const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    await mkdir(join(folder, 'node_modules'));
    for (const dependency of Object.keys(dependencies))
      await symlink(
        dependency === 'express' ? join(OWN_PACKAGES, express) : join(packages, dependency),
        join(folder, 'node_modules', dependency),
      );
    await writeFiles(folder, { 'app.cjs': "module.exports = require('./app.js');" });
    const { findings } = await exported(
      t,
      folder,
      `routes: [route('/'), route('/users'), route('/404', { file: '404.html', statusCodes: [404] })],
       copies: [{ from: new URL('public', import.meta.url), to: '/' }],`,
    );
    t.deepEqual(kindsOf(findings), ['PAGE_UNLINKED users/index.html']);
    const written = await filesOf(join(folder, 'out'));
    t.deepEqual(Object.keys(written), [
      '404.html',
      'index.html',
      'stylesheets/style.css',
      'users/index.html',
    ]);
    t.regex(written['index.html']!, /<p>Welcome to Express<\/p>/);
    t.regex(written['404.html']!, /<h1>Not Found<\/h1>/);
    await equalsLiveApp(t, folder);
  });
