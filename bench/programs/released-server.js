// Serves what was released in a folder, in a process of its own:
//   node released-server.js <folder> <asset> <true or false: deltas>
// Sends its port and the path of the asset.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openAssets } from 'static-url';

const [folder, asset, deltas] = process.argv.slice(2);
const assets = await openAssets({
  prefix: '/static/',
  manifest: join(folder, 'assets.json'),
  releases: join(folder, 'releases'),
});
const handler = assets.handler(deltas === 'true' ? { deltas: true } : {});
const server = createServer(handler).listen(0, '127.0.0.1', () =>
  process.send({ port: server.address().port, path: assets.url(asset) }),
);
process.on('disconnect', () => process.exit());
