// The app of one host, a process of its own: one page that names assets. Its settings are JSON in the first argument.
import { createServer } from 'node:http';
import { getStaticUrlContent, openAssets } from '../../../src/index.ts';
import { pageOf } from './sources.ts';

/** A release, or for the classic layout the folder whose digest is the version of all its files. */
export type AppSettings = { readonly socket: string; readonly prefix: string } & (
  | { readonly manifest: string; readonly releases: string }
  | { readonly root: string }
);

async function urlsOf(settings: AppSettings): Promise<(asset: string) => string> {
  if ('root' in settings) {
    const staticUrl = await getStaticUrlContent(settings.prefix, settings.root);
    return (asset) => staticUrl + asset;
  }
  const { prefix, manifest, releases } = settings;
  const assets = await openAssets({ prefix, manifest, releases });
  return (asset) => assets.url(asset);
}

const settings = JSON.parse(process.argv[2] ?? '') as AppSettings;
const page = pageOf(await urlsOf(settings));
const server = createServer((_request, response) => {
  response
    .setHeader('Content-Type', 'text/html; charset=utf-8')
    .setHeader('Cache-Control', 'no-store')
    .end(page);
});
server.listen(settings.socket, () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
