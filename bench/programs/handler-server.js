// Serves one file with one of the candidates, in a process of its own:
//   node handler-server.js <candidate> <root> <asset> <memoryBudgetBytes>
// Sends its port and the path of the asset.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import sirv from 'sirv';
import { openAssets } from 'static-url';
import { assetsRouter } from 'static-url/express';

const [candidate, root, asset, memoryBudgetBytes] = process.argv.slice(2);
const IMMUTABLE = 'public, max-age=31536000, immutable';

function prepared() {
  const bytes = readFileSync(join(root, asset));
  const headers = {
    'Content-Type': 'text/css; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': IMMUTABLE,
    ETag: '"0123456789abcdef"',
    'Last-Modified': new Date().toUTCString(),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
  };
  return (_request, response) => {
    response.writeHead(200, headers);
    response.end(bytes);
  };
}

function peer() {
  return sirv(root, {
    etag: true,
    immutable: true,
    maxAge: 31_536_000,
    setHeaders(response) {
      response.setHeader('Accept-Ranges', 'bytes');
      response.setHeader('X-Content-Type-Options', 'nosniff');
    },
  });
}

async function ours() {
  const assets = await openAssets({ prefix: '/static/', roots: root });
  return { assets, options: { memoryBudgetBytes: Number(memoryBudgetBytes) } };
}

async function application() {
  if (candidate === 'prepared') return { app: prepared(), path: `/${asset}` };
  if (candidate === 'sirv') return { app: peer(), path: `/${asset}` };
  // Its own header would be in one answer more than in the other's.
  const app = express().disable('x-powered-by');
  if (candidate === 'express-sirv') return { app: app.use('/static', peer()), path: `/static/${asset}` };
  const { assets, options } = await ours();
  const path = assets.url(asset);
  if (candidate === 'handler') return { app: assets.handler(options), path };
  return { app: app.use(assetsRouter(assets, options)), path };
}

const { app, path } = await application();
const server = createServer(app).listen(0, '127.0.0.1', () =>
  process.send({ port: server.address().port, path }),
);
process.on('disconnect', () => process.exit());
