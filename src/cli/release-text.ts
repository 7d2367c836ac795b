import { byteText, countText, quote } from '../core/text.ts';
import type { RefetchedFile, ReleaseFolder, ReleaseReport } from '../releases/index.ts';

/** How many of the files that visitors fetch again are named. */
const NAMED_FILES = 10;

/** Tells people what a release did. */
export function releaseText(report: ReleaseReport, releases: string): string {
  const { dryRun, version, assets, added, reused, uncompressed, copiedBytes, compressed, deltas } = report;
  const lines = [
    `Release ${version} ${dryRun ? 'would be' : 'is'} in ${quote(releases)}: ${countText(assets.count, 'asset')}, ${byteText(assets.bytes)}.`,
    `  new      ${foldersText(added)}, ${byteText(copiedBytes)} copied`,
    `  reused   ${foldersText(reused)}`,
  ];
  if (compressed.count > 0) {
    lines.push(
      `  beside   ${countText(compressed.count, 'compressed copy', 'compressed copies')}, ${byteText(compressed.bytes)} for ${byteText(compressed.originalBytes)}`,
    );
  }
  if (deltas !== undefined && deltas.made + deltas.linked > 0) {
    const linked = deltas.linked === 0 ? '' : `; ${deltas.linked} taken over from earlier releases`;
    lines.push(
      `  deltas   ${deltas.made} made, ${byteText(deltas.bytes)}${linked}; ${byteText(deltas.diskBytes)} on the disk`,
    );
  }
  if (uncompressed.length > 0) {
    lines.push(
      `  without  ${countText(uncompressed.length, 'reused folder has', 'reused folders have')} no compressed copies, since nothing in a folder changes: release into a new releases folder to have them`,
    );
  }
  const { hidden } = report.names;
  if (hidden.length > 0) {
    lines.push(
      `  hidden   ${countText(hidden.length, 'name')} of older releases, such as ${quote(hidden[0])}: a file now stands in the place of a folder, or a folder in that of a file`,
    );
  }
  return [...lines, ...refetchedLines(report), ''].join('\n');
}

function foldersText(folders: readonly ReleaseFolder[]): string {
  const files = folders.reduce((total, folder) => total + folder.assets.length, 0);
  const bytes = folders.reduce((total, folder) => total + folder.bytes, 0);
  return `${countText(folders.length, 'folder')} with ${countText(files, 'file')}, ${byteText(bytes)}`;
}

function refetchedLines(report: ReleaseReport): string[] {
  const { previousVersion, refetched } = report;
  if (previousVersion === null) return ['It is the first release: every visitor fetches everything.'];
  if (refetched.length === 0) return [`A visitor of release ${previousVersion} fetches nothing again.`];
  const named = refetched.slice(0, NAMED_FILES);
  const lengths = alignedLengths(named);
  const lines = named.map(
    ({ name, reason }, index) =>
      `  ${lengths[index]}  ${quote(name)}${reason === 'renewed' ? ', the same bytes under a new URL' : ''}`,
  );
  if (refetched.length > NAMED_FILES) lines.push(`  and ${refetched.length - NAMED_FILES} more; see --json`);
  return [
    `A visitor of release ${previousVersion} fetches again up to ${countText(refetched.length, 'file')}${transferText(report)}:`,
    ...lines,
  ];
}

function transferText({ refetchedBytes, refetchedTransfer: transfer }: ReleaseReport): string {
  const before = `${byteText(refetchedBytes)} before compression`;
  return transfer === undefined
    ? `, ${before}`
    : `: ${byteText(transfer.withDeltas)} with a browser that takes deltas, ${byteText(transfer.withoutDeltas)} with any other (${before})`;
}

/** The length of each file; where there are deltas, with them and without. */
function alignedLengths(files: readonly RefetchedFile[]): string[] {
  const rows = files.map(({ size, transfer }) =>
    (transfer ? [transfer.withDeltas, transfer.withoutDeltas] : [size]).map(byteText),
  );
  const width = Math.max(...rows.flat().map((text) => text.length));
  return rows.map((row) => row.map((text) => text.padStart(width)).join('  '));
}
