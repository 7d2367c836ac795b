import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { runCommand, type RunningBlog } from './blog-process.ts';

const HOST = 'slack-water.example';
export const POST = '/posts/the-width-of-a-line';
/** The app of the example, without nginx. */
const LIVE = `
import { createServer } from 'node:http';
import { createApp } from './app.js';
import { listen } from './ports.js';
const { app } = await createApp();
console.log(await listen(createServer(app), 0));
`;

export interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

/** Asks for a URL by the name of the site. */
export async function ask(url: string): Promise<Answer> {
  const [response] = (await once(get(url, { headers: { host: HOST } }), 'response')) as [
    import('node:http').IncomingMessage,
  ];
  const { statusCode: status, headers } = response;
  return {
    status,
    type: headers['content-type'],
    body: (await response.setEncoding('utf8').toArray()).join(''),
  };
}

/** The app that was exported, listening. */
export async function startLive(t: ExecutionContext, folder: string): Promise<string> {
  const file = join(folder, 'live.js');
  await writeFile(file, LIVE);
  const live = spawn(process.execPath, [file], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(live, 'exit');
  t.teardown(async () => {
    live.kill();
    await exited;
  });
  const [port] = (await once(live.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${String(port).trim()}`;
}

/** The paths of the site's pages. */
export async function pathsOf(folder: string, site: RunningBlog): Promise<string[]> {
  const { stdout } = await runCommand(folder, site, 'site', 'urls');
  return stdout
    .trim()
    .split('\n')
    .map((url) => new URL(url).pathname);
}
