import type { Command } from 'commander';
import { RENEW_OPTIONS } from '../pages/options.ts';
import { createPagesCommand } from './pages-of-config.ts';
import { reportRun } from './pages-report.ts';
import type { Terminal } from './terminal.ts';

/** `static-url pages renew`: renders anew what names assets of another version. */
export function pagesRenewCommand(terminal: Terminal): Command {
  return createPagesCommand(terminal, {
    name: 'renew',
    description: 'Render anew the stored pages that name assets of another version than the present one.',
    options: RENEW_OPTIONS,
    json: 'Print {"results": [{"url", "result", "code", "detail"}]} instead.',
    notes:
      '\nFor the end of a deploy, when only the new app runs. "pages" of the configuration needs "assets": a function that opens them. Pages that were stored last come first, and visitors get the older ones meanwhile. Exits with 1 when a page could not be stored.\n\nExample: how many are there?\n  $ static-url pages renew --dry-run\n',
    async run(pages, options, { json }) {
      await reportRun(terminal, 'renewing', json, (onProgress) => pages.renew({ ...options, onProgress }));
    },
  });
}
