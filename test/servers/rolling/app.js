// The app of one host, a process of its own: one page that names assets. Its settings are JSON in the first argument.
import { createServer } from 'node:http';
import { getStaticUrlContent, openAssets } from '../../../dist/index.js';

const { socket, prefix, page, root, manifest, releases } = JSON.parse(process.argv[2]);

async function urls() {
  if (root === undefined) {
    const assets = await openAssets({ prefix, manifest, releases });
    return (asset) => assets.url(asset);
  }
  const staticUrl = await getStaticUrlContent(prefix, root);
  return (asset) => staticUrl + asset;
}

const urlOf = await urls();
const html = page.replaceAll(/\{([^}]+)\}/g, (_, asset) => urlOf(asset));
const server = createServer((_request, response) => {
  response
    .setHeader('Content-Type', 'text/html; charset=utf-8')
    .setHeader('Cache-Control', 'no-store')
    .end(html);
});
server.listen(socket, () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
