import type { Command } from 'commander';
import { BOOLEAN } from '../core/option-kinds.ts';
import { countText, quote } from '../core/text.ts';
import type { ExportReport } from '../site/index.ts';
import { EXPORT_OPTIONS, type ExportOptions } from '../site/options.ts';
import { absolutePath, createCommand } from './command.ts';
import { exportText, findingsText } from './export-text.ts';
import { withHostedApp } from './hosted-app.ts';
import { createProgressBar } from './progress-bar.ts';
import { openSite, SITE_FLAGS, SITE_VALUES } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

const QUIET = {
  quiet: { ...BOOLEAN, flag: '--quiet', default: false, help: 'Prints nothing but what is wrong.' },
};

/** `static-url export`: writes the site of the configuration into its folder. */
export function exportCommand(terminal: Terminal): Command {
  return createCommand<Readonly<Record<string, unknown>>, string>(terminal, {
    name: 'export',
    description: 'Export the app of the configuration as a static site.',
    options: { ...EXPORT_OPTIONS, ...SITE_FLAGS, ...QUIET },
    operands: {
      syntax: '[folder]',
      help: 'Where the site is written, in place of "out" of the configuration.',
    },
    json: 'Print what was done, and what was found, as data instead.',
    notes:
      '\nUntil all pages are rendered and checked, nothing in the folder changes. Exits with 1 when a page fails or a fault is found.\nExample:\n  $ static-url export --compress\n',
    fromConfig: SITE_VALUES,
    async run({ quiet, ...given }, call) {
      const {
        json,
        operands: [folder],
      } = call;
      const { run, site } = splitOptions(given);
      const out = folder === undefined ? {} : { out: absolutePath(terminal, folder) };
      await withHostedApp(terminal, async (listening) => {
        const opened = await openSite(terminal, call, { ...site, ...out }, listening);
        const bar = await createProgressBar(json || quiet === true ? undefined : terminal.progress, {
          rate: true,
        });
        try {
          const report = await opened.export({
            ...run,
            ...(terminal.confirm !== undefined && { confirmDelete: confirmer(terminal, bar.end) }),
            onProgress: (progress) => bar.show(progress),
          });
          bar.end();
          write(terminal, report, json, quiet === true);
        } catch (error) {
          bar.end();
          await writeFindings(terminal, error, json);
          throw error;
        } finally {
          bar.end();
          await opened.close();
        }
      });
    },
  });
}

function isOfRun([name]: [string, unknown]): boolean {
  return name in EXPORT_OPTIONS;
}

function splitOptions(given: Readonly<Record<string, unknown>>): {
  run: ExportOptions;
  site: Readonly<Record<string, unknown>>;
} {
  const entries = Object.entries(given);
  return {
    run: Object.fromEntries(entries.filter(isOfRun)),
    site: Object.fromEntries(entries.filter((entry) => !isOfRun(entry))),
  };
}

/** How many of the files that would be deleted are named. */
const NAMED_FILES = 10;

function confirmer({ writeError, confirm }: Terminal, endBar: () => void) {
  return async (files: readonly string[]): Promise<boolean> => {
    endBar();
    writeError(
      `${countText(files.length, 'file')} in the folder ${files.length === 1 ? 'is' : 'are'} not the site's:\n${files
        .slice(0, NAMED_FILES)
        .map((file) => `  ${quote(file)}\n`)
        .join('')}${files.length > NAMED_FILES ? `  and ${files.length - NAMED_FILES} more\n` : ''}`,
    );
    return (await confirm?.('Delete them?')) === true;
  };
}

function write(terminal: Terminal, report: ExportReport, json: boolean, quiet: boolean): void {
  if (json) terminal.write(`${JSON.stringify(report)}\n`);
  else {
    terminal.writeError(findingsText(report.findings));
    if (!quiet) terminal.write(exportText(report));
  }
}

async function writeFindings(terminal: Terminal, error: unknown, json: boolean): Promise<void> {
  const { SiteCheckError } = await import('../site/index.ts');
  if (!(error instanceof SiteCheckError)) return;
  if (json) terminal.write(`${JSON.stringify({ findings: error.findings })}\n`);
  else terminal.writeError(findingsText(error.findings));
}
