import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pagesHttp, pagesLocation, releasesLocation, siteServer } from 'static-url/nginx';
import { startServer } from './servers.js';

/**
 * Runs nginx in front of the app.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {number} options.appPort
 * @param {{ prefix: string, root: string, releases: string, deltas: boolean }} options.files What it serves static files from.
 * @param {object} options.pages What it serves stored pages from: the settings that the app has, too.
 */
export async function startNginx({ port, appPort, files, pages }) {
  const { store, assets: _assets, ...gate } = pages;
  const kept = store.folder ? { folder: store.folder } : { memcached: store.options };
  const stored = { ...gate, ...kept, upstream: `http://127.0.0.1:${appPort}` };
  return run(
    port,
    `${pagesHttp(stored)}
server {
    listen 127.0.0.1:${port};
    ${releasesLocation(files)}
    ${pagesLocation(stored)}
}
`,
  );
}

/**
 * Runs nginx over the exported site: there is no app behind it.
 *
 * @param {number} port
 * @param {Parameters<typeof siteServer>[0]} site
 */
export async function startSiteNginx(port, site) {
  return run(port, siteServer(site));
}

/**
 * Runs nginx in front of the website of a bucket, as a CDN would stand there.
 *
 * @param {number} port
 * @param {{ address: string, host: string }} website Where it is, and the name that it is asked for by.
 */
export async function startBucketNginx(port, { address, host }) {
  return run(
    port,
    `server {
    listen 127.0.0.1:${port};
    location / {
        proxy_pass ${address};
        proxy_set_header Host ${host};
        proxy_redirect http://${host}/ /;
    }
}
`,
  );
}

/**
 * Runs nginx in the foreground and in a temporary folder; both go when this process does.
 *
 * @param {number} port
 * @param {string} http What stands in `http`.
 * @returns {Promise<{ stop: () => Promise<void> }>} Resolved once nginx accepts connections.
 */
async function run(port, http) {
  const folder = await mkdtemp(join(tmpdir(), 'static-url-blog-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'http.conf'), http);
  await writeFile(join(folder, 'nginx.conf'), configuration());
  return startServer('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], port);
}

function configuration() {
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

  include http.conf;
}
`;
}
