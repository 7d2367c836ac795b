import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { openAssets, type Assets } from '../../../../src/assets.ts';
import { createSite, route } from '../../../../src/site/index.ts';
import { temporaryFolder } from '../../../helpers/folder.ts';

const PAGES = ['one', 'two'];

/** Two versions of a site: each page names the stylesheet of its own, by its fingerprint. */
export async function exportTwoVersions(
  t: ExecutionContext,
): Promise<readonly [first: string, second: string]> {
  return [await exportVersion(t, 1), await exportVersion(t, 2)];
}

async function exportVersion(t: ExecutionContext, version: number): Promise<string> {
  const folder = await temporaryFolder(t, {
    'public/app.css': `body { order: ${version} }`,
    'public/same.css': 'body { color: red }',
  });
  const assets = await openAssets({ prefix: '/static/', roots: join(folder, 'public') });
  t.teardown(() => assets.close());
  const out = join(folder, 'site');
  // A page of each version goes with the next.
  const pages = [...PAGES, `only-${version}`];
  const site = createSite({
    app: appOf(assets, pages),
    assets,
    origin: 'https://www.example.com',
    out,
    routes: [route('/'), route('/:page', { params: pages })],
  });
  await site.export();
  await site.close();
  return out;
}

function appOf(assets: Assets, pages: readonly string[]): Express {
  const links = pages.map((page) => `<a href="/${page}/">x</a>`).join('');
  const sheets = ['app.css', 'same.css'].map((name) => `<link rel="stylesheet" href="${assets.url(name)}">`);
  const app = express();
  app.get('/{:page}', (request, response) => {
    response.send(
      `<!doctype html><title>${request.path}</title>${sheets.join('')}${request.path === '/' ? links : '<a href="/">x</a>'}`,
    );
  });
  return app;
}
