import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './folder.ts';
import type { BenchContext } from './report.ts';

/**
 * Starts an nginx with one worker and otherwise the settings of Debian's nginx.conf, on a free loopback port.
 *
 * @param server - what stands in the `server` block
 * @returns its origin
 */
export async function startNginx(context: BenchContext, server: string): Promise<string> {
  const folder = await temporaryFolder(context);
  const port = await freePort();
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
    events { worker_connections 768; }
    http {
      sendfile on; tcp_nopush on; gzip on; types_hash_max_size 2048;
      include /etc/nginx/mime.types; default_type application/octet-stream;
      access_log off; keepalive_requests 1000000000; keepalive_time 1d;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server { listen 127.0.0.1:${port}; server_name localhost;
${server}
      }
    }\n`,
  );
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const exited = once(child, 'exit').then(() => {
    throw new Error(`nginx ended: ${errors}`);
  });
  exited.catch(() => {});
  context.teardown(async () => {
    child.kill('SIGTERM');
    await exited.catch(() => {});
  });
  const origin = `http://127.0.0.1:${port}`;
  await Promise.race([exited, answers(origin)]);
  return origin;
}

async function answers(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const answer = await fetch(origin).catch(() => undefined);
    if (answer) {
      await answer.arrayBuffer();
      return;
    }
    await sleep(10);
  }
  throw new Error(`nginx does not answer at ${origin}.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('The system gave no port.');
  return address.port;
}
