import type { Bound, Report, ReportRow, ReportTable } from './report.ts';

/** A report as text for a terminal. */
export function formatReport({ name, title, versions, tables, notes }: Report): string {
  return [
    `${name}: ${title}`,
    Object.entries(versions)
      .map(([program, version]) => `${program} ${version}`)
      .join(', '),
    ...tables.map((table) => `\n${formatTable(table)}`),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function formatTable({ title, unit, rows }: ReportTable): string {
  const compared = rows.some(({ ratio }) => ratio);
  const heads = [title, unit, ...(compared ? ['ratio', 'middle half', 'all rounds'] : []), 'asked', 'met'];
  const cells = [heads, ...rows.map((each) => rowCells(each, compared))];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowCells({ candidate, value, ratio, asked, met }: ReportRow, compared: boolean): string[] {
  return [
    candidate,
    value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))),
    ...(compared ? ratioCells(ratio) : []),
    asked ? formatBound(asked) : '',
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

function ratioCells(ratio: ReportRow['ratio']): string[] {
  if (!ratio) return ['1', '', ''];
  return [
    ratio.median.toFixed(2),
    formatRange(ratio.lowerQuartile, ratio.upperQuartile),
    formatRange(ratio.lowest, ratio.highest),
  ];
}

function formatRange(low: number, high: number): string {
  return `${low.toFixed(2)}–${high.toFixed(2)}`;
}

function formatBound(bound: Bound): string {
  return 'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
}
