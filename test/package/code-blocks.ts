import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { writeFiles } from '../helpers/folder.ts';
import { freePort } from '../helpers/free-port.ts';
import { installPackage, type Project } from '../helpers/install-package.ts';
import { startNginx } from '../helpers/nginx.ts';
import { codeBlocks, type Block, type Page } from './documentation.ts';

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    allowJs: true,
    checkJs: true,
    strict: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['*/*.js', '*/*.cjs'],
};
/** A project that has been there for a while. */
const FILES = {
  'package.json': '{ "type": "module" }',
  'build/css/app.css': 'a{color:red}',
  'public/css/app.css': 'h1{color:teal}',
  'public/js/app.js': 'console.log("hello")',
  // What Vite has built, and what others build.
  'dist/.vite/manifest.json':
    '{ "src/main.js": { "file": "assets/main.js", "isEntry": true, "css": ["assets/main.css"] } }',
  'dist/assets/main.css': 'main{}',
  'dist/assets/main.js': '',
  'dist/main.js': '',
  'public/dist/main.js': '',
  'public/vendor/tinymce/tinymce.min.js': '',
  'public/vendor/cesium/Cesium.js': '',
  'src/main.js': 'console.log("hello")',
  'src/worker.js': '',
  'views/home.ejs': '',
  deployed: '',
  'sitemap.txt': 'http://localhost:3000/posts/hello\n',
};
/** What npx does where the package is installed, in a third of the time. The README has npx itself. */
const NPX = '#!/bin/sh\nprogram=$1; shift; exec "node_modules/.bin/$program" "$@"\n';
const LISTEN = "app.listen(3000, '127.0.0.1')";
const FOR_A_YEAR = 'public, max-age=31536000, immutable';

/** A page's own project, in which its blocks run in their order. */
interface Place {
  readonly folder: string;
  readonly run: Project['run'];
  /** The app that a block has started in development, if any did. */
  app?: string;
}

/**
 * Runs and type-checks every block of code of some pages, page by page, where the package is installed.
 *
 * @returns how many there are
 */
export async function runPages(t: ExecutionContext, pages: readonly Page[]): Promise<number> {
  const project = await installPackage(t, { 'tsconfig.json': JSON.stringify(TSCONFIG), deployed: '' }, [
    '@bokuweb/zstd-wasm',
    'esbuild',
    'eta',
    'handlebars',
  ]);
  for (const command of [
    'init --quiet',
    'add deployed',
    '-c user.name=a -c user.email=a@example.com commit -qm first',
  ]) {
    await project.run('git', ...command.split(' '));
  }
  await writeFiles(project.folder, { 'programs/npx': NPX });
  await chmod(join(project.folder, 'programs/npx'), 0o755);
  const ran = await Promise.all(pages.map((page) => runPage(t, project, page)));
  await project.run('npx', 'tsc', '-p', '.').catch((error: { stdout: string }) => t.fail(error.stdout));
  return ran.reduce((sum, blocks) => sum + blocks);
}

async function runPage(t: ExecutionContext, project: Project, { path, markdown }: Page): Promise<number> {
  const blocks = codeBlocks(markdown);
  if (blocks.length === 0) return 0;
  const folder = join(project.folder, basename(path, '.md').toLowerCase());
  const programs = path === 'README.md' ? '' : `${project.folder}/programs:`;
  const place: Place = {
    folder,
    run: async (program, ...parameters) => {
      const running = promisify(execFile)(program, parameters, {
        cwd: folder,
        env: { ...process.env, NODE_ENV: 'development', PATH: `${programs}${process.env['PATH']}` },
      });
      running.child.stdin?.end();
      return running;
    },
  };
  const isNew = blocks.some(({ word }) => word === 'project');
  await mkdir(folder);
  await writeFiles(folder, { ...FILES, ...(isNew && { 'package.json': '{}' }) });
  await symlink('../node_modules', join(folder, 'node_modules'));
  for (const [index, block] of blocks.entries()) {
    t.log(`${path}: ${block.language} ${block.word}`);
    await runBlock(t, place, block, index).catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as Partial<Record<string, string>>;
      t.fail(`${path}, block ${index + 1}: ${String(error)}\n${stdout}${stderr}\n${block.text}`);
    });
  }
  return blocks.length;
}

async function runBlock(t: ExecutionContext, place: Place, block: Block, index: number): Promise<void> {
  const { language, word, text } = block;
  if (word === 'setup') return;
  if (word === 'unrun') return checkUnrun(t, place, block);
  switch (language) {
    case 'js':
    case 'cjs': {
      const name = word === '' ? `block-${index}.${language}` : word;
      await writeFiles(place.folder, { [name]: text });
      if (text.includes('app.listen(')) return runAppInDevelopment(t, place, text);
      await place.run(process.execPath, name);
      return;
    }
    case 'sh': {
      if (word === 'project') return runProject(t, place, text);
      await place.run('sh', '-euc', text);
      if (word === 'deploy') await checkDeploy(t, place);
      return;
    }
    case 'nginx':
      return runNginx(t, place, text);
    case 'dockerfile': {
      for (const [, command = ''] of text.matchAll(/^RUN (.*)$/gm)) await place.run('sh', '-euc', command);
      return;
    }
    // Files of other programs.
    case 'yaml':
    case 'ini':
    case 'json':
      return checkUnrun(t, place, block);
    default:
      t.fail(`No test runs a block of ${language}.`);
  }
}

/** Its syntax, and what it says to this package's own program. */
async function checkUnrun(t: ExecutionContext, { run }: Place, { language, text }: Block): Promise<void> {
  switch (language) {
    case 'dockerfile':
      t.notRegex(text, /^(?!$|#|(?:FROM|WORKDIR|COPY|RUN|USER|ENV|EXPOSE|CMD|HEALTHCHECK) \S)/m);
      for (const [, command = ''] of text.matchAll(/^CMD (.*)$/gm))
        t.true(Array.isArray(JSON.parse(command)));
      break;
    case 'yaml': {
      // The parser that knip brings.
      const { parse } = createRequire(import.meta.resolve('knip'))('yaml') as {
        readonly parse: (yaml: string) => unknown;
      };
      const {
        services = {},
        volumes = {},
        jobs,
      } = parse(text) as {
        services?: Record<string, { volumes?: string[] }>;
        volumes?: object;
        jobs?: Record<string, { steps: { uses?: string; run?: string }[] }>;
      };
      if (jobs !== undefined) {
        for (const { uses, run: script } of Object.values(jobs).flatMap(({ steps }) => steps)) {
          t.true((uses === undefined) !== (script === undefined));
          if (script !== undefined) await run('sh', '-n', '-c', script);
        }
        break;
      }
      const mounted = Object.values(services).flatMap((service) => service.volumes ?? []);
      t.true(mounted.length > 0);
      for (const mount of mounted) t.true((mount.split(':')[0] ?? '') in volumes, mount);
      break;
    }
    case 'json':
      t.truthy(JSON.parse(text));
      break;
    case 'nginx':
      await startNginx(t, '', text.replace(/listen \d+;/, `listen 127.0.0.1:${await freePort()};`));
      break;
    case 'ini':
      t.notRegex(text, /^(?!$|#|\[[A-Z]\w+\]$|[A-Z]\w+=\S)/m);
      break;
    case 'sh':
      await run('sh', '-n', '-c', text);
      break;
    default:
      t.fail(`No test checks a block of ${language} that is not run.`);
  }
  for (const [command] of text.matchAll(/npx static-url [^&"\n]*/g))
    await (/ (?:test-)?publish\b/.test(command) ? checkPublish(t, run, command) : run('sh', '-euc', command));
}

/** What commands say of themselves, which is the same for all pages. */
const helpOf = new Map<string, ReturnType<Project['run']>>();

/** What a publish to a bucket of the reader's is told: its help has to know the flags. */
async function checkPublish(t: ExecutionContext, run: Project['run'], command: string): Promise<void> {
  const [, name = ''] = /static-url (\S+)/.exec(command) ?? [];
  const help = helpOf.get(name) ?? run('npx', 'static-url', name, '--help');
  helpOf.set(name, help);
  const { stdout } = await help;
  for (const [flag] of command.matchAll(/--[a-z-]+/g)) t.regex(stdout, new RegExp(`${flag}\\b`), command);
}

/** The reader's own project; the package comes from its tarball, which is installed already. */
async function runProject(t: ExecutionContext, { folder, run }: Place, text: string): Promise<void> {
  const install = 'npm install static-url express\n';
  t.true(text.includes(install));
  await run('sh', '-euc', text.replace(install, ''));
  const { type } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { type?: string };
  t.is(type, 'module');
}

async function runAppInDevelopment(t: ExecutionContext, place: Place, text: string): Promise<void> {
  place.app = text;
  const app = await startApp(t, place, text, '');
  const page = await fetch(app.url).then((response) => response.text());
  const body = await fetch(app.url + cssUrl(t, page)).then((response) => response.text());
  t.is(body, await readFile(join(place.folder, 'public/css/app.css'), 'utf8'));
  t.regex(page, /<script type="module" src="\/static\/@live-reload\/client\.js"><\/script>/);
  await app.end();
}

interface App {
  readonly url: string;
  readonly end: () => Promise<void>;
}

/** Starts an app on a port of its own. */
async function startApp(
  t: ExecutionContext,
  { folder }: Place,
  text: string,
  environment: string,
): Promise<App> {
  t.true(text.includes(LISTEN));
  const listen =
    "const server = app.listen(0, '127.0.0.1', () => console.log(Object(server.address()).port))";
  await writeFiles(folder, { 'app-here.js': text.replace(LISTEN, listen) });
  const app = spawn(process.execPath, ['app-here.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: environment },
  });
  t.teardown(() => app.kill());
  const ended = once(app, 'exit').then(() => Promise.reject(new Error('The app ended.')));
  ended.catch(() => {});
  const port = String(await Promise.race([once(app.stdout, 'data'), ended])).trim();
  return {
    url: `http://127.0.0.1:${port}`,
    async end() {
      const exited = once(app, 'exit');
      app.kill();
      await exited;
    },
  };
}

/** nginx over the exported site, by the file with its `server`. */
async function runSiteNginx(t: ExecutionContext, { folder }: Place, text: string): Promise<void> {
  const [, name = ''] = /^include \/srv\/app\/(\S+);\n$/.exec(text) ?? [];
  const server = await readFile(join(folder, name), 'utf8');
  const address = `127.0.0.1:${await freePort()}`;
  await startNginx(t, '', server.replace(/listen [^;]+;/, `listen ${address};`));
  for (const [path, status, file] of [
    ['/', 200, 'index.html'],
    ['/posts/hello', 200, 'posts/hello/index.html'],
    ['/nothing-here', 404, '404.html'],
    ['/static/css/app.css', 200, 'static/css/app.css'],
  ] as const) {
    const answer = await fetch(`http://${address}${path}`);
    t.is(answer.status, status, path);
    t.is(await answer.text(), await readFile(join(folder, 'site', file), 'utf8'), path);
  }
}

/** nginx as the block says, in front of the page's app in production where the page has one. */
async function runNginx(t: ExecutionContext, place: Place, text: string): Promise<void> {
  if (text.startsWith('include ')) return runSiteNginx(t, place, text);
  t.regex(text, /^server \{\n {4}listen \d+;\n/);
  const app = place.app === undefined ? undefined : await startApp(t, place, place.app, 'production');
  const server = text
    .replace(/^server \{\n {4}listen \d+;\n/, '')
    .replace(/\}\n*$/, '')
    .replace(/include \S+\//, `include ${place.folder}/`)
    .replace(
      /proxy_pass http:\/\/(?:127\.0\.0\.1|app):3000;/,
      `proxy_pass ${app?.url ?? 'http://127.0.0.1:9'};`,
    );
  const { url } = await startNginx(t, server);
  const css = await readFile(join(place.folder, 'public/css/app.css'), 'utf8');
  const unversioned = await fetch(`${url}/static/css/app.css`);
  t.is(unversioned.headers.get('cache-control'), 'no-cache');
  t.is(await unversioned.text(), css);
  if (app === undefined) return;
  const page = await fetch(`${url}/`).then((response) => response.text());
  t.notRegex(page, /@live-reload/);
  const answer = await fetch(url + cssUrl(t, page));
  t.is(await answer.text(), css);
  // What was released may be kept at once, what is to be marked only after the deploy.
  const isReleased = existsSync(join(place.folder, 'releases'));
  t.is(answer.headers.get('cache-control'), isReleased ? FOR_A_YEAR : 'no-store');
  await app.end();
}

/** After the deploy the app in production gives URLs that nginx lets browsers keep for a year. */
async function checkDeploy(t: ExecutionContext, place: Place): Promise<void> {
  const app = await startApp(t, place, place.app ?? '', 'production');
  const page = await fetch(app.url).then((response) => response.text());
  const { url } = await startNginx(t, `include ${join(place.folder, 'static.conf')};`);
  const answer = await fetch(url + cssUrl(t, page));
  t.is(answer.headers.get('cache-control'), FOR_A_YEAR);
  t.is(await answer.text(), 'a{color:red}');
  await app.end();
}

/** The URL by which a page asks for its stylesheet. */
function cssUrl(t: ExecutionContext, page: string): string {
  const url = /href="(?<url>\/static\/[0-9a-f]{16}\/css\/app\.css)"/.exec(page)?.groups?.['url'];
  t.truthy(url, page);
  return url ?? '';
}
