import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** What an nginx of one test or bench is made of. */
export interface NginxSetting {
  /** Empty, and its own: for its process id, logs and temporary files. */
  readonly folder: string;
  /** What stands in the `events` block. */
  readonly events: string;
  /** What stands in the `http` block beside the server. */
  readonly http: string;
  /** What stands in the `server` block. */
  readonly server: string;
}

interface Teardowns {
  teardown(end: () => Promise<void>): void;
}

/**
 * Starts a real nginx with one worker on a free loopback port, and ends it by its process id.
 *
 * @returns its port, once it listens there
 */
export async function startNginxProcess(context: Teardowns, setting: NginxSetting): Promise<number> {
  for (;;) {
    const port = await freePort();
    // Somebody may take the port before nginx does.
    if (await startAt(port, context, setting)) return port;
  }
}

/** Starts nginx on a port; `false` when it is taken. */
async function startAt(
  port: number,
  context: Teardowns,
  { folder, events, http, server }: NginxSetting,
): Promise<boolean> {
  const [file, pid] = [join(folder, 'nginx.conf'), join(folder, 'nginx.pid')];
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${pid}; error_log stderr error;
    events { ${events} }
    http {
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      include /etc/nginx/mime.types;
      ${http}
      server { listen 127.0.0.1:${port}; server_name localhost; ${server}
      }
    }`;
  await writeFile(file, configuration);
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Debian's nginx lives where only root looks.
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const exited = once(child, 'close').then(() => {
    if (/\bbind\(\) to .*: Address already in use\b/.test(errors)) return false;
    throw new Error(`nginx ended: ${errors}\n${configuration}`);
  });
  exited.catch(() => {});
  context.teardown(async () => {
    child.kill('SIGTERM');
    await exited.catch(() => {});
  });
  // Nginx writes its process id once it listens.
  while (isRunning(child) && !existsSync(pid)) await sleep(5);
  return isRunning(child) || exited;
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}
