import { byteText, countText, quote } from '../core/text.ts';
import type { PublishFailure, PublishReport, TestReport } from '../site/index.ts';

/** How many of the keys that failed are named. */
const NAMED_FAILURES = 20;

/** Tells people what a publish did, or would do: then each change stands in a line of its own. */
export function publishText(report: PublishReport): string {
  const { target, dryRun, number, files, verified, purged, seconds } = report;
  const unchanged = files.count - files.uploaded - files.headersChanged;
  const left = files.leftToDelete > 0 ? `; ${files.leftToDelete} still to go` : '';
  const lines = [
    ...(dryRun ? changeLines(report) : []),
    `Publish ${number} ${dryRun ? 'would be' : 'is'} in ${quote(target)}: ${countText(files.count, 'file')}, ${byteText(files.bytes)}, in ${seconds.toFixed(1)} s.`,
    `  uploaded  ${countText(files.uploaded, 'file')}, ${byteText(files.uploadedBytes)}`,
    ...(files.headersChanged > 0
      ? [`  headers   ${countText(files.headersChanged, 'file has others', 'files have others')}`]
      : []),
    `  unchanged ${countText(unchanged, 'file')}`,
    ...(files.retired > 0 ? [`  retired   ${countText(files.retired, 'asset')}, for pages still open`] : []),
    `  deleted   ${countText(files.deleted, 'file')}${left}`,
    ...(dryRun ? [] : [`  verified  ${countText(verified, 'URL')}`]),
    ...(purged > 0 ? [`  purged    ${countText(purged, 'URL')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function changeLines({ changes }: PublishReport): string[] {
  const cells = changes.map(({ action, key, size, reason }) => [
    action,
    keyText(key),
    byteText(size),
    reason,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** A key as it is, unless it holds what a terminal might obey. */
function keyText(key: string): string {
  return quote(key) === `"${key}"` ? key : quote(key);
}

/** What a publish warns of. */
export function warningsText(warnings: readonly string[]): string {
  return warnings.map((warning) => `warning: ${warning}\n`).join('');
}

/** What failed, and why. */
export function failuresText(failures: readonly PublishFailure[]): string {
  const lines = failures.slice(0, NAMED_FAILURES).map(({ key, reason }) => `${keyText(key)}: ${reason}\n`);
  if (failures.length > NAMED_FAILURES)
    lines.push(`and ${failures.length - NAMED_FAILURES} more; see --json\n`);
  return lines.join('');
}

/** How each step of a test went. */
export function testText({ steps }: TestReport): string {
  return steps
    .map(
      ({ name, result, message }) =>
        `${result.padEnd(8)}  ${name}${message === undefined ? '' : `: ${message}`}\n`,
    )
    .join('');
}
