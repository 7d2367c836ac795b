import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { staticLocation } from 'static-url/nginx';

const cli = join(import.meta.dirname, '../../dist/cli/bin.js');

/**
 * Runs nginx in front of the app, in the foreground and in a temporary folder; both go when this process does.
 *
 * @param {{ port: number, appPort: number, prefix: string, root: string, sentinel: string }} options
 * @returns {Promise<{ stop: () => Promise<void> }>} Resolved once nginx accepts connections.
 */
export async function startNginx({ port, appPort, prefix, root, sentinel }) {
  const folder = await mkdtemp(join(tmpdir(), 'static-url-blog-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

  const current = join(folder, 'current');
  await markVersion(prefix, sentinel, current);
  await writeFile(join(folder, 'static.conf'), staticLocation({ prefix, root, current }));
  await writeFile(join(folder, 'nginx.conf'), configuration(port, appPort));

  const nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    env: withSbin(process.env),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => nginx.kill());
  await once(nginx, 'spawn').catch(explainMissing);
  await untilAccepting(nginx, port);

  const stop = async () => {
    if (nginx.kill()) await once(nginx, 'exit');
  };
  return { stop };
}

/** @param {NodeJS.ErrnoException} error */
function explainMissing(error) {
  if (error.code !== 'ENOENT') throw error;
  throw new Error('Cannot find nginx: install it (`apt-get install nginx`), then start again.', {
    cause: error,
  });
}

/**
 * Leaves the marker of the deployed version, with the command that a deploy script would use.
 *
 * @param {string} prefix
 * @param {string} sentinel
 * @param {string} current
 */
async function markVersion(prefix, sentinel, current) {
  const from = ['--from', 'file', '--prefix', prefix, '--file', sentinel, '--time', 'mtime'];
  await promisify(execFile)(process.execPath, [cli, 'url', ...from, '--mark', current]);
}

/**
 * @param {number} port
 * @param {number} appPort
 */
function configuration(port, appPort) {
  // Started by root, nginx would run its workers as a user who may be unable to read this checkout.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `
${user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events {}

http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;

  server {
    listen 127.0.0.1:${port};
    include static.conf;

    location / {
      proxy_pass http://127.0.0.1:${appPort};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
}

/**
 * Some systems keep nginx in a folder that only root has on its PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withSbin(env) {
  return { ...env, PATH: [env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };
}

/**
 * @param {import('node:child_process').ChildProcess} nginx
 * @param {number} port
 */
async function untilAccepting(nginx, port) {
  while (nginx.exitCode === null && nginx.signalCode === null) {
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(`nginx ended before it listened on port ${port}; its reason stands above.`);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
