import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from './folder.ts';

/** A running nginx. */
export interface Nginx {
  readonly url: string;
  readonly port: number;
  /** The request lines logged so far, complete up to the last answer that the caller has received. */
  requests(): Promise<string[]>;
}

/**
 * Starts a real nginx on a free loopback port, in a folder of its own, and ends it by its process id.
 *
 * @param server - what stands in the `server` block
 * @param http - what stands in the `http` block beside it
 */
export async function startNginx(t: ExecutionContext, server: string, http = ''): Promise<Nginx> {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const log = join(folder, 'access.log');
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
    events { worker_connections 512; }
    http {
      log_format lines '$status $request'; access_log ${log} lines;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      include /etc/nginx/mime.types;
      ${http}
      server { listen 127.0.0.1:${port}; server_name localhost; ${server} }
    }`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Debian's nginx lives where only root looks.
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const exited = once(child, 'exit').then(() => {
    throw new Error(`nginx ended: ${errors}\n${configuration}`);
  });
  exited.catch(() => {});
  t.teardown(async () => {
    child.kill('SIGTERM');
    await exited.catch(() => {});
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([exited, answers(url)]);
  return {
    url,
    port,
    async requests() {
      // One worker logs in the order of its answers: once this one is here, all earlier ones are written.
      await fetch(`${url}/requests-barrier`).then((response) => response.arrayBuffer());
      const lines = (await readFile(log, 'utf8')).split('\n');
      return lines.filter((line) => line !== '' && !/ \/(requests-barrier|started) /.test(line));
    },
  };
}

async function answers(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(`${url}/started`).then((response) => response.arrayBuffer());
      return;
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
