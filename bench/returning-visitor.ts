import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModulesMode } from '../src/assets/asset-index.ts';
import type { AssetCollection } from '../src/assets/assets.ts';
import { openCollection } from '../test/helpers/open-collection.ts';
import { refetchedFiles } from '../src/releases/refetched-files.ts';
import { assetTags } from '../src/assets/tags/asset-tags.ts';
import { visitedSite } from '../test/helpers/visited-site.ts';
import { temporaryFolder, writeAsset } from './folder.ts';
import { row, type BenchContext, type Report, type ReportTable } from './report.ts';
import { versionsOf } from './versions.ts';

/** The kinds of files of the site; those of one kind cost the same. */
const KINDS = [
  { title: 'a photo', pattern: /^img\/photo/ },
  { title: "a stylesheet's part", pattern: /^css\/parts/ },
  { title: 'the image of such a part', pattern: /^img\/parts/ },
  { title: 'a stylesheet with nine parts', pattern: /^css\/section/ },
  { title: "a module's part", pattern: /^js\/parts/ },
  { title: 'a module with nine parts', pattern: /^js\/section/ },
] as const;

const MODES: readonly ModulesMode[] = ['group', 'importmap'];

/** What a visitor who has all of a site's 500 files fetches again once one of them has changed. */
export async function benchReturningVisitor(context: BenchContext): Promise<Report> {
  const root = await temporaryFolder(context);
  const site = visitedSite();
  const names = Object.keys(site);
  for (const [name, content] of Object.entries(site)) await writeAsset(join(root, name), content);
  const open = (modules: ModulesMode): Promise<AssetCollection> =>
    openCollection({ prefix: '/static/', roots: root, strict: true, modules });
  const before = { group: await open('group'), importmap: await open('importmap') };
  const all = megabytes([...before.group.index.assets.values()]);

  const tables: ReportTable[] = [];
  const means = { group: 0, importmap: 0 };
  for (const { title, pattern } of KINDS) {
    context.progress(title);
    const kind = names.filter((name) => pattern.test(name));
    const changed = kind[0] ?? '';
    const content = await readFile(join(root, changed));
    await writeAsset(join(root, changed), Buffer.concat([content, Buffer.from('/* changed */')]));
    const fetched = { group: 0, importmap: 0 };
    for (const mode of MODES) {
      fetched[mode] = megabytes(refetchedFiles(before[mode].index, (await open(mode)).index));
      means[mode] += (fetched[mode] * kind.length) / names.length;
    }
    await writeAsset(join(root, changed), content);
    tables.push(tableOf(`${title} changed (${kind.length} of ${names.length} files)`, all, fetched));
  }
  tables.push(tableOf('any one file changed, mean of all', all, means));
  const importMapBytes = assetTags(before.importmap).importMap().length;
  return {
    name: 'returning-visitor',
    title: `what a visitor with all ${names.length} files, ${all.toFixed(1)} MB, fetches again after a deploy, not compressed`,
    versions: versionsOf([]),
    tables,
    notes: [`The import map of all modules adds ${importMapBytes} bytes to each page, not compressed.`],
  };
}

function tableOf(title: string, all: number, fetched: Readonly<Record<ModulesMode, number>>): ReportTable {
  return {
    title,
    unit: 'MB',
    rows: [
      row('one version per deploy', all),
      ...MODES.map((mode) => row(`a version per asset, modules: '${mode}'`, fetched[mode])),
    ],
  };
}

function megabytes(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0) / 1e6;
}
