import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath } from '../../core/option-kinds.ts';
import type { Resolved } from '../../core/options.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { ExportReport } from '../site.ts';
import type { Target } from '../targets/target.ts';
import { readLocalSite, type LocalFile } from './local-site.ts';
import type { PublishOptions } from './options.ts';
import type { PublishReport } from './reports.ts';
import { SitePublish } from './site-publish.ts';
import { explainedTarget } from './explained-target.ts';

/** {@link PublishOptions} with everything decided. */
export type ResolvedPublish = Resolved<PublishOptions, 'from' | 'confirm' | 'onProgress'>;

/** Publishes a site to a target. */
export async function publishSite(
  site: ResolvedSite,
  given: Target,
  options: ResolvedPublish,
): Promise<PublishReport> {
  const target = explainedTarget(given);
  const began = performance.now();
  try {
    if (options.from !== undefined)
      return await publishFolder(site, target, options, absolutePath('option "from"', options.from), began);
    // Not in the site's own folder, which a server may be reading.
    const temporary = await mkdtemp(join(tmpdir(), 'static-url-publish-'));
    try {
      const folder = join(temporary, 'site');
      const { exportSite } = await import('../export/export-site.ts');
      const report = await exportSite(
        { ...site, out: folder, swap: 'files', keep: [] },
        { onProgress: ({ done, total }) => options.onProgress?.({ stage: 'exporting', done, total }) },
      );
      return await publishFolder(site, target, options, folder, began, report);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await target.close?.();
  }
}

async function publishFolder(
  site: ResolvedSite,
  target: Target,
  options: ResolvedPublish,
  folder: string,
  began: number,
  exported?: ExportReport,
): Promise<PublishReport> {
  const files = await readFiles(site, target, options, folder);
  const subject = { site, target, files, began, ...(exported !== undefined && { exported }) };
  return new SitePublish(subject, options).run();
}

async function readFiles(
  site: ResolvedSite,
  target: Target,
  { onProgress }: ResolvedPublish,
  folder: string,
): Promise<LocalFile[]> {
  return readLocalSite({
    folder,
    keep: site.keep,
    compressedCopies: target.compressedCopies === true,
    assetsFolder: async () => {
      const { assetsFolderOf } = await import('../export/static-files.ts');
      const assets = typeof site.assets === 'function' ? await site.assets() : site.assets;
      return assets === undefined ? undefined : assetsFolderOf(assets, site);
    },
    onProgress: (done, total) => onProgress?.({ stage: 'hashing', done, total }),
  });
}
