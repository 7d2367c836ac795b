import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pagesHttp, pagesLocation, releasesLocation } from 'static-url/nginx';

/**
 * Runs nginx in front of the app, in the foreground and in a temporary folder; both go when this process does.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {number} options.appPort
 * @param {{ prefix: string, root: string, releases: string }} options.files What it serves static files from.
 * @param {object} options.pages What it serves stored pages from: the settings that the app has, too.
 * @returns {Promise<{ stop: () => Promise<void> }>} Resolved once nginx accepts connections.
 */
export async function startNginx({ port, appPort, files, pages }) {
  const folder = await mkdtemp(join(tmpdir(), 'static-url-blog-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

  const { store, assets: _assets, ...gate } = pages;
  const stored = { ...gate, folder: store.folder, upstream: `http://127.0.0.1:${appPort}` };
  await writeFile(join(folder, 'static.conf'), releasesLocation(files));
  await writeFile(join(folder, 'pages-http.conf'), pagesHttp(stored));
  await writeFile(join(folder, 'pages.conf'), pagesLocation(stored));
  await writeFile(join(folder, 'nginx.conf'), configuration(port));

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

/** @param {number} port */
function configuration(port) {
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

  include pages-http.conf;

  server {
    listen 127.0.0.1:${port};
    include static.conf;
    include pages.conf;
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
