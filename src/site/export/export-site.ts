import xxhash from 'xxhash-wasm';
import { loadApp } from '../../render/index.ts';
import { sourcesOf } from '../../serve/index.ts';
import { TargetTable } from '../checks/index.ts';
import { openSiteFolder, type SiteFolder } from '../landing/index.ts';
import type { SiteAssets } from '../options.ts';
import type { ExportOptions } from './options.ts';
import { openRendering, type SiteRendering } from '../rendering/open-rendering.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { type ExportReport } from '../site.ts';
import { dependsOn, readSettings } from './export-settings.ts';
import { SiteExport } from './site-export.ts';

/** Writes a site into its folder. */
export async function exportSite(site: ResolvedSite, options: ExportOptions): Promise<ExportReport> {
  const assets = typeof site.assets === 'function' ? await site.assets() : site.assets;
  const folder = await openFolder(site, assets);
  try {
    const settings = readSettings(folder.settings);
    const keepsUnchanged = settings?.depends === dependsOn(site, assets) && options.all !== true;
    const targets = new TargetTable(keepsUnchanged ? settings.targets : []);
    const rendering = await openSiteRendering(site, targets);
    try {
      const kept = { keepsUnchanged, targets, rendering };
      return await new SiteExport(site, folder, kept, assets, options, await xxhash()).run();
    } finally {
      await rendering.close();
    }
  } catch (error) {
    throw folder.describe(error);
  } finally {
    await folder.close();
  }
}

/** Opens the folder of a site, which is its own alone until it is closed. */
export async function openFolder(site: ResolvedSite, assets: SiteAssets | undefined): Promise<SiteFolder> {
  const { out, swap, keep, passThrough, copies } = site;
  const { roots = [], releases } = (assets === undefined ? undefined : sourcesOf(assets)) ?? {};
  const protectedFolders = [...roots, releases, passThrough, ...copies.map(({ from }) => from)];
  return openSiteFolder({
    out,
    swap,
    keep,
    projectFolder: process.cwd(),
    protectedFolders: protectedFolders.filter((each) => each !== undefined),
  });
}

/** Makes ready to render the pages of a site. */
export async function openSiteRendering(
  {
    app,
    base,
    stripOriginPath,
    deadlineSeconds,
    maxPageBytes,
    concurrency,
    parallel,
    appModule,
  }: ResolvedSite,
  targets: TargetTable,
): Promise<SiteRendering> {
  return openRendering(await loadApp(app), targets, {
    base,
    stripOriginPath,
    deadlineMilliseconds: deadlineSeconds * 1000,
    maxPageBytes,
    concurrency,
    parallel,
    appModule,
  });
}
