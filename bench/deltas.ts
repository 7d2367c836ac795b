import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deltaName, type ReleaseOptions } from '../src/releases/options.ts';
import { writeRelease } from '../src/releases/write-release.ts';
import { temporaryFolder, writeAsset } from './folder.ts';
import { renewedFiles, UNIT, type RenewedFile } from './renewed-files.ts';
import { row, type BenchContext, type Report, type ReportTable } from './report.ts';
import { versionsOf } from './versions.ts';

/** What a visitor of the release before fetches of a file, by real releases. */
export async function benchDeltas(context: BenchContext): Promise<Report> {
  const folder = await temporaryFolder(context);
  context.progress('fetching the packages');
  const files = await renewedFiles(folder);
  const root = join(folder, 'public');
  await mkdir(root);
  const options: ReleaseOptions = {
    roots: root,
    releases: join(folder, 'releases'),
    together: [UNIT],
    optional: ['**'],
    compress: true,
    deltas: true,
  };
  context.progress('releasing what visitors have');
  for (const { name, before } of files) await writeAsset(join(root, name), before);
  await writeRelease(options);
  context.progress('releasing what comes after it');
  for (const { name, after } of files) await writeAsset(join(root, name), after);
  const { added } = await writeRelease(options);

  const tables: ReportTable[] = [];
  for (const file of files) {
    if (file.after.length < 100) continue;
    const fingerprint = added.find(({ assets }) => assets.includes(file.name))?.fingerprint;
    if (fingerprint === undefined) throw new Error(`The release has no new "${file.name}".`);
    tables.push(await tableOf(file, join(folder, 'releases', fingerprint)));
  }
  return {
    name: 'deltas',
    title: 'what a visitor of the release before fetches of a file that has a new URL',
    versions: versionsOf(['@bokuweb/zstd-wasm', 'esbuild']),
    tables,
    notes: [],
  };
}

async function tableOf({ title, name, before }: RenewedFile, folder: string): Promise<ReportTable> {
  const dictionary = createHash('sha256').update(before).digest('base64');
  const forms = {
    'not compressed': name,
    'gzip 9': `${name}.gz`,
    'brotli 11': `${name}.br`,
    delta: deltaName(name, dictionary),
  };
  const sizes = Object.entries(forms).map(async ([form, path]) =>
    row(form, (await stat(join(folder, path))).size),
  );
  return { title, unit: 'bytes', rows: await Promise.all(sizes) };
}
