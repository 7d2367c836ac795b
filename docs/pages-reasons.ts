import { STORING_REASONS } from '../src/pages/index.ts';
import { GATE_REASONS } from '../src/pages/rules/index.ts';

type Rows = readonly (readonly string[])[];

/** The reasons for which requests go to the app and pages are not stored, from the tables that the code itself reads. */
export function pagesReasonSections(table: (head: readonly string[], rows: Rows) => string): string[] {
  return [
    '## Why a request goes to the app',
    'In the order in which they are asked. `Cache-Status` says the name as `detail`, and nginx decides alike.',
    table(
      ['reason', 'means'],
      Object.entries(GATE_REASONS).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
    ),
    '## Why a page is not stored',
    'When a page is rendered anew and refused, the one that is stored already is deleted, or kept: it goes where the app says that it is gone or is for one person. `READS_…` ends with the header that was read: `READS_ACCEPT_LANGUAGE`.',
    table(
      ['reason', 'means', 'the stored page is'],
      Object.entries(STORING_REASONS).map(([reason, { meaning, effect }]) => [
        reason === 'READS' ? '`READS_…`' : `\`${reason}\``,
        meaning,
        effect === 'delete' ? 'deleted' : 'kept',
      ]),
    ),
  ];
}
