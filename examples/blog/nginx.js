import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pagesHttp, pagesLocation, releasesLocation } from 'static-url/nginx';
import { startServer } from './servers.js';

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
  const kept = store.folder ? { folder: store.folder } : { memcached: store.options };
  const stored = { ...gate, ...kept, upstream: `http://127.0.0.1:${appPort}` };
  await writeFile(join(folder, 'static.conf'), releasesLocation(files));
  await writeFile(join(folder, 'pages-http.conf'), pagesHttp(stored));
  await writeFile(join(folder, 'pages.conf'), pagesLocation(stored));
  await writeFile(join(folder, 'nginx.conf'), configuration(port));

  return startServer('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], port);
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
