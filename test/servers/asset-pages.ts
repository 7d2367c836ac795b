import type { ExecutionContext } from 'ava';
import { openAssets } from '../../src/serve/open-assets.ts';
import { assetTags, type AssetTags } from '../../src/assets/tags/asset-tags.ts';
import type { AssetsOptions } from '../../src/assets/options.ts';
import type { Chromium } from '../helpers/chromium.ts';
import { until } from '../helpers/descriptors.ts';
import { listen } from '../helpers/listen.ts';
import { watchPage, type WatchedPage } from '../helpers/watched-page.ts';

/** Serves assets and one page that uses them, and loads it. What styles and scripts ask for may come later. */
export async function loadPage(
  t: ExecutionContext,
  browser: Chromium,
  options: Omit<AssetsOptions, 'prefix'>,
  write: (tags: AssetTags) => string,
): Promise<WatchedPage> {
  const assets = await openAssets({ prefix: '/static/', ...options });
  t.teardown(() => assets.close());
  const handler = assets.handler();
  const tags = assetTags(assets);
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${tags.importMap()}${write(tags)}`;
  const { url } = await listen(t, (request, response) => {
    if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
      return;
    }
    handler(request, response);
  });
  return watchPage(browser, url);
}

/**
 * Waits until assets have been answered, and a frame painted since: what styles refer to is asked for before. That the
 * network is idle tells nothing of a busy browser, which may start scripts and styles after a quiet moment.
 */
export async function answered({ page, answers }: WatchedPage, assets: readonly string[]): Promise<void> {
  await until(() => assets.every((asset) => answers.some((each) => each.asset === asset)));
  await page.evaluate(
    'new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted())))',
  );
}

/** Every answer is one for ever, and no asset that is a module was asked for under two URLs. */
export function assertImmutable(t: ExecutionContext, { answers, complaints }: WatchedPage): void {
  t.deepEqual(complaints, []);
  t.true(answers.length > 0);
  for (const { path, status, cacheControl } of answers)
    t.deepEqual(
      { path, status, cacheControl },
      { path, status: 200, cacheControl: 'public, max-age=31536000, immutable' },
    );
  const urls = new Map<string, string>();
  for (const { asset, path } of answers.filter(({ asset: name }) => /\.m?js$/.test(name))) {
    t.is(urls.get(asset) ?? path, path, asset);
    urls.set(asset, path);
  }
}
