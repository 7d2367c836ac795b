import { byteText, countText, quote } from '../core/text.ts';
import type { ExportReport, SiteFinding } from '../site/index.ts';

/** How many findings of one kind are shown. */
const SHOWN_FINDINGS = 20;

/** Tells people what an export did. */
export function exportText({ out, pages, redirects, files, seconds }: ExportReport): string {
  const unchanged = pages.count - pages.rendered;
  const lines = [
    `The site is in ${quote(out)}: ${countText(pages.count, 'page')}, ${countText(files.count, 'file')}, ${byteText(files.bytes)}, in ${seconds.toFixed(1)} s.`,
    `  rendered  ${countText(pages.rendered, 'page')}${unchanged > 0 ? `; ${unchanged} ${unchanged === 1 ? 'has' : 'have'} not changed` : ''}`,
    `  files     ${files.written} written, ${files.deleted} deleted`,
    ...(redirects > 0 ? [`  redirects ${redirects}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What an export found, the errors last, where the eye is. */
export function findingsText(findings: readonly SiteFinding[]): string {
  const bySeverity = [...findings].toSorted((one, other) => rank(one) - rank(other));
  const counts = new Map<string, number>();
  const lines: string[] = [];
  for (const { kind, severity, file, line, message } of bySeverity) {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count > SHOWN_FINDINGS) continue;
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
    lines.push(`${severity}: ${place}${message}\n`);
  }
  for (const [kind, count] of counts)
    if (count > SHOWN_FINDINGS) lines.push(`and ${count - SHOWN_FINDINGS} more ${kind}; see --json\n`);
  return lines.join('');
}

function rank({ severity }: SiteFinding): number {
  return severity === 'error' ? 1 : 0;
}
