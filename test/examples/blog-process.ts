import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { freePort } from '../helpers/free-port.ts';

const CHECKOUT = new URL('../../', import.meta.url).pathname;
/** The example in the checkout. */
export const BLOG: string = join(CHECKOUT, 'examples/blog');
const PACKAGES = ['express', 'ejs', '@fontsource-variable', 'node-sqlite3-wasm', '@aws-sdk'];

/** A copy of the example, to be edited, that finds the packages it needs. */
export async function copyBlog(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t, { 'package.json': '{ "type": "module" }' });
  await mkdir(join(folder, 'node_modules'));
  await symlink(CHECKOUT, join(folder, 'node_modules/static-url'));
  for (const name of PACKAGES)
    await symlink(join(CHECKOUT, 'node_modules', name), join(folder, 'node_modules', name));
  const blog = join(folder, 'blog');
  await cp(BLOG, blog, {
    recursive: true,
    filter: (path) =>
      !/^\.(?:releases|deployed|data|pages|preloaded|exported|published)/.test(basename(path)),
  });
  return blog;
}

/** The example, running. */
export interface RunningBlog {
  readonly url: string;
  readonly printed: () => string;
  /** Ends it, with its exit code. */
  readonly end: () => Promise<unknown>;
}

/** Starts the example as `npm start` does once the package is built. */
export async function startBlog(
  t: ExecutionContext,
  folder: string,
  ...parameters: string[]
): Promise<RunningBlog> {
  return startProgram(t, folder, 'start.js', parameters);
}

/** Exports the example and lets nginx serve it, as `npm run export` does once the package is built. */
export async function exportBlog(t: ExecutionContext, folder: string): Promise<RunningBlog> {
  return startProgram(t, folder, 'export.js', []);
}

/** Publishes the example to a folder that nginx serves, as `npm run publish` does once the package is built; with `--s3` to a bucket. */
export async function publishBlog(
  t: ExecutionContext,
  folder: string,
  ...parameters: string[]
): Promise<RunningBlog> {
  return startProgram(t, folder, 'publish.js', parameters);
}

async function startProgram(
  t: ExecutionContext,
  folder: string,
  program: string,
  parameters: readonly string[],
): Promise<RunningBlog> {
  const blog = spawn(process.execPath, [join(folder, program), ...parameters], {
    env: {
      ...process.env,
      PORT: String(await freePort()),
      NODE_ENV: '',
      PATH: `${process.env['PATH']}:/usr/sbin`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not 'exit', after which it may still be heard.
  const exited = once(blog, 'close').then(([code]: unknown[]) => code);
  t.teardown(async () => {
    blog.kill('SIGTERM');
    await exited;
  });
  let output = '';
  const print = (piece: string): void => void (output += piece);
  blog.stdout.setEncoding('utf8').on('data', print);
  blog.stderr.setEncoding('utf8').on('data', print);
  if (folder === BLOG) blog.stderr.pipe(process.stderr);
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (url !== undefined && output.includes('Ctrl-C')) {
      return {
        url,
        printed: () => output,
        end: () => {
          blog.kill('SIGINT');
          return exited;
        },
      };
    }
    await Promise.race([
      once(blog.stdout, 'data'),
      exited.then((code) => Promise.reject(new Error(`ended with ${String(code)}\n${output}`))),
    ]);
  }
}

/** Runs a command in the folder of an example, in the environment that the example says. */
export async function runCommand(
  folder: string,
  blog: RunningBlog,
  ...parameters: string[]
): Promise<{ stdout: string; stderr: string }> {
  const [, said = ''] = /export (NODE_ENV=.*)/.exec(blog.printed()) ?? [];
  const variables = Object.fromEntries(said.split(' ').map((each) => each.split('=')));
  return promisify(execFile)(process.execPath, [join(CHECKOUT, 'dist/cli/bin.js'), ...parameters], {
    cwd: folder,
    env: { ...process.env, ...variables },
  });
}
