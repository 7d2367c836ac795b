import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { writeFiles } from '../helpers/folder.ts';
import { installPackage, type Project } from '../helpers/install-package.ts';
import { startNginx } from '../helpers/nginx.ts';

interface Block {
  readonly language: string;
  readonly name: string;
  readonly text: string;
}

const README = new URL('../../README.md', import.meta.url);
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
  include: ['*.js', '*.cjs'],
};

test('every block of code in the README type-checks and runs, in its order, where the package is installed', async (t) => {
  const blocks = codeBlocks(await readFile(README, 'utf8'));
  const project = await installPackage(
    t,
    {
      'package.json': '{}',
      'tsconfig.json': JSON.stringify(TSCONFIG),
      'build/css/app.css': 'a{color:red}',
      'views/home.ejs': '',
      deployed: '',
    },
    ['eta', 'handlebars'],
  );
  // What the recipes speak of, in a project that has been there for a while.
  for (const command of [
    'init --quiet',
    'add deployed',
    '-c user.name=a -c user.email=a@example.com commit -qm first',
  ]) {
    await project.run('git', ...command.split(' '));
  }
  for (const block of blocks.filter(({ language }) => language === 'js' || language === 'cjs')) {
    await writeFiles(project.folder, { [block.name]: block.text });
  }
  let ran = 0;
  for (const block of blocks) {
    t.log(`${block.language} ${block.name}`);
    await runBlock(t, project, block);
    ran += 1;
  }
  await project.run('npx', 'tsc', '-p', '.').catch((error: { stdout: string }) => t.fail(error.stdout));
  t.true(ran > 15, 'the README has lost its code');
});

async function runBlock(
  t: ExecutionContext,
  project: Project,
  { language, name, text }: Block,
): Promise<void> {
  switch (language) {
    case 'js':
    case 'cjs': {
      if (text.includes('app.listen(')) return runApp(t, project, text);
      await project.run(process.execPath, name);
      return;
    }
    case 'sh': {
      if (name === 'setup') return;
      if (name === 'project') return runProject(t, project, text);
      await project.run('sh', '-euc', text);
      if (name === 'deploy') await checkDeploy(t, project);
      return;
    }
    case 'nginx':
      return runNginx(t, project, text);
    case 'dockerfile': {
      for (const [, command = ''] of text.matchAll(/^RUN (.*)$/gm)) await project.run('sh', '-euc', command);
      return;
    }
    default:
      t.fail(`No test runs a block of ${language}.`);
  }
}

/** The reader's own project; the package comes from its tarball, which is installed already. */
async function runProject(t: ExecutionContext, { folder, run }: Project, text: string): Promise<void> {
  const install = 'npm install static-url express\n';
  t.true(text.includes(install));
  await run('sh', '-euc', text.replace(install, ''));
  const { type } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { type?: string };
  t.is(type, 'module');
}

async function runApp(t: ExecutionContext, { folder }: Project, text: string): Promise<void> {
  const [listen, here] = [
    "app.listen(3000, '127.0.0.1')",
    "const server = app.listen(0, '127.0.0.1', () => console.log(Object(server.address()).port))",
  ];
  t.true(text.includes(listen));
  await writeFiles(folder, { 'app-here.js': text.replace(listen, here) });
  const app = spawn(process.execPath, ['app-here.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: '' },
  });
  t.teardown(() => app.kill());
  const ended = once(app, 'exit').then(() => Promise.reject(new Error('The app ended.')));
  ended.catch(() => {});
  const port = String(await Promise.race([once(app.stdout, 'data'), ended])).trim();
  const page = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
  const css = /href="(?<url>\/static\/[0-9a-f]{16}\/css\/app\.css)"/.exec(page)?.groups?.['url'];
  const body = await fetch(`http://127.0.0.1:${port}${css}`).then((response) => response.text());
  t.is(body, await readFile(join(folder, 'public/css/app.css'), 'utf8'));
  t.regex(page, /<script type="module" src="\/static\/@live-reload\/client\.js"><\/script>/);
  const exited = once(app, 'exit');
  app.kill();
  await exited;
}

async function runNginx(t: ExecutionContext, { folder }: Project, text: string): Promise<void> {
  t.regex(text, /^server \{\n {4}listen 8080;\n/);
  const server = text
    .replace(/^server \{\n {4}listen 8080;\n/, '')
    .replace(/\}\n*$/, '')
    .replace('/srv/app', folder);
  const { url } = await startNginx(t, server);
  t.is((await fetch(`${url}/static/css/app.css`)).status, 200);
}

/** After the deploy the app in production gives URLs that nginx lets browsers keep for a year. */
async function checkDeploy(t: ExecutionContext, project: Project): Promise<void> {
  const { url } = await startNginx(t, `include ${join(project.folder, 'static.conf')};`);
  const print =
    "process.env.NODE_ENV = 'production'; const { STATIC_URL } = await import('./settings.js'); console.log(STATIC_URL);";
  const { stdout } = await project.run(process.execPath, '--input-type=module', '-e', print);
  const answer = await fetch(`${url}${stdout.trim()}css/app.css`);
  t.is(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  t.is(await answer.text(), 'a{color:red}');
}

function codeBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(?<language>\S+)(?: (?<name>\S+))?\n(?<text>.*?)^```$/gms)]
    .map(({ groups = {} }, index) => ({
      language: groups['language'] ?? '',
      name: groups['name'] ?? `block-${index}.${groups['language']}`,
      text: groups['text'] ?? '',
    }))
    .filter(({ language }) => language !== 'text');
}
