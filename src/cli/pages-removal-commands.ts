import type { Command } from 'commander';
import { DELETE_OPTIONS } from '../pages/options.ts';
import { createPagesCommand } from './pages-of-config.ts';
import { printReport } from './pages-report.ts';
import type { Terminal } from './terminal.ts';

const RESULTS = 'Print {"results": [{"url", "result"}]} instead.';

/** `static-url pages delete`: removes pages by their URLs. */
export function pagesDeleteCommand(terminal: Terminal): Command {
  return createPagesCommand(terminal, {
    name: 'delete',
    description: 'Remove stored pages, so that the app answers: /a takes /a and /a/.',
    options: DELETE_OPTIONS,
    operands: { syntax: '<url...>', help: 'Paths of the first site, or URLs of any of the sites.' },
    json: RESULTS,
    notes:
      '\nA page that is not stored is no error.\n\nExample: a folder\n  $ static-url pages delete /blog --recursive\n',
    async run(pages, options, { json, operands }) {
      printReport(terminal, await pages.delete(operands, options), json);
    },
  });
}

/** `static-url pages invalidate`: removes pages by their tags. */
export function pagesInvalidateCommand(terminal: Terminal): Command {
  return createPagesCommand<object, never>(terminal, {
    name: 'invalidate',
    description: 'Remove the stored pages that have one of the tags.',
    options: {},
    operands: { syntax: '<tag...>', help: 'Tags that the app has given by pages.tag().' },
    json: RESULTS,
    notes: '\nExample:\n  $ static-url pages invalidate post:1\n',
    async run(pages, _, { json, operands: tags }) {
      printReport(terminal, await pages.invalidate({ tags }), json);
    },
  });
}

/** `static-url pages clear`: removes all pages. */
export function pagesClearCommand(terminal: Terminal): Command {
  return createPagesCommand<object, never>(terminal, {
    name: 'clear',
    description: 'Remove all stored pages at once.',
    options: {},
    json: RESULTS,
    notes: '\nExample:\n  $ static-url pages clear\n',
    async run(pages, _, { json }) {
      const report = await pages.clear();
      terminal.write(json ? `${JSON.stringify(report)}\n` : 'All stored pages are removed.\n');
    },
  });
}
