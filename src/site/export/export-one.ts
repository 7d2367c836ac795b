import { setTimeout as pause } from 'node:timers/promises';
import { StaticUrlError } from '../../core/errors.ts';
import { didYouMean, quote } from '../../core/text.ts';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { ENCODED_FORMS } from '../../compression/content-encodings.ts';
import { TargetTable } from '../checks/index.ts';
import type { SiteFolder } from '../landing/index.ts';
import type { SiteAssets } from '../options.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { pagesOf, siteUrlOf } from '../routes/list-pages.ts';
import { urlOfFile } from '../routes/site-place.ts';
import { compilePattern } from '../routes/path-pattern.ts';
import type { Route, RouteParams } from '../routes/route.ts';
import type { SiteUrl } from '../site.ts';
import { openFolder, openSiteRendering } from './export-site.ts';
import { Compressor } from './compress-files.ts';
import { dependsOn, readSettings } from './export-settings.ts';
import { PageExport } from './render-pages.ts';
import { PlannedSite } from './planned-site.ts';
import { stageCopies } from './stage-copies.ts';
import { assetsFolderOf, listAssets } from './static-files.ts';

/** How often a folder is tried that another export holds, in milliseconds. */
const RETRY_MILLISECONDS = 50;

/** Renders the page of a route, in all its languages, and puts it in its place. */
export async function exportOne(
  site: ResolvedSite,
  name: string,
  params: RouteParams | undefined,
): Promise<SiteUrl[]> {
  const route = routeOf(site, name);
  const pages = await pagesOf(site, route, compilePattern(route.path), params);
  const orders = pages.filter(({ path }) => !site.isExcluded(path));
  const assets = typeof site.assets === 'function' ? await site.assets() : site.assets;
  const folder = await openWhenFree(site, assets);
  try {
    const plan = new PlannedSite(folder.staging, (file) => urlOfFile(site.place, file));
    const settings = readSettings(folder.settings);
    const targets = new TargetTable(settings?.targets);
    const alone = { ...site, parallel: 0, followLinks: false };
    const rendering = await openSiteRendering(alone, targets);
    try {
      await new PageExport({
        site: alone,
        folder,
        rendering,
        plan,
        targets,
        keepsUnchanged: false,
        checkDeterminism: false,
        onProgress: () => {},
      }).render([...orders]);
    } finally {
      await rendering.close();
    }
    const hashes = await xxhash();
    if (site.compress) await new Compressor(folder, plan, hashes).compress(() => {});
    const isSame = settings?.depends === dependsOn(site, assets);
    if (!isSame) await stageAssets(assets, site, folder, plan, hashes);
    await folder.landOne([...plan.files.values()], {
      // Without settings nobody knows what the other pages depend on: the next export renders them all.
      ...(isSame && { settings: JSON.stringify({ ...settings, targets: targets.all() }) }),
      gone: staleCopies(folder, plan),
    });
  } catch (error) {
    throw folder.describe(error);
  } finally {
    await folder.close();
  }
  return orders.map(siteUrlOf);
}

/** A page that depends on other assets than the site has brings them along. */
async function stageAssets(
  assets: SiteAssets | undefined,
  site: ResolvedSite,
  folder: SiteFolder,
  plan: PlannedSite,
  hashes: XXHashAPI,
): Promise<void> {
  const path = assets === undefined ? undefined : assetsFolderOf(assets, site);
  if (assets === undefined || path === undefined) return;
  await stageCopies(await listAssets(assets, path, site, folder.releases), folder, plan, hashes, () => {});
}

/** Compressed copies of pages that have none any more: hosts would send them in place of the page. */
function staleCopies(folder: SiteFolder, plan: PlannedSite): string[] {
  return [...plan.files.keys()]
    .flatMap((name) => ENCODED_FORMS.map(({ suffix }) => name + suffix))
    .filter((name) => folder.previous.has(name) && !plan.files.has(name));
}

function routeOf({ routes }: ResolvedSite, name: string): Route {
  const route = routes.find((each) => each.name === name) ?? routes.find((each) => each.path === name);
  if (route !== undefined) return route;
  throw new TypeError(
    `There is no route ${quote(name)}.${didYouMean(
      name,
      routes.map((each) => each.name),
    )}`,
  );
}

/** Waits while another export is under way, for as long as a page may take. */
async function openWhenFree(site: ResolvedSite, assets: SiteAssets | undefined): Promise<SiteFolder> {
  const until = performance.now() + site.deadlineSeconds * 1000;
  for (;;) {
    try {
      return await openFolder(site, assets);
    } catch (error) {
      const isLocked = error instanceof StaticUrlError && error.code === 'SITE_LOCKED';
      if (!isLocked || performance.now() > until) throw error;
      await pause(RETRY_MILLISECONDS);
    }
  }
}
