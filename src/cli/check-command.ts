import type { Command } from 'commander';
import { checkAssets, type CheckReport, type Finding } from '../assets/index.ts';
import { CHECK_OPTIONS } from '../assets/options.ts';
import { StaticUrlError } from '../core/errors.ts';
import { countText } from '../core/text.ts';
import { createCommand } from './command.ts';
import { linksOfSources } from './config-values.ts';
import type { Terminal } from './terminal.ts';

/** `static-url check`: tells what is wrong with the files before a deploy does. */
export function checkCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'check',
    description: 'Report references that lead nowhere or leave the version, and names that do not work.',
    options: CHECK_OPTIONS,
    json: 'Print {"files", "findings"} instead.',
    notes:
      '\nExits with 1 when there are errors. Warnings and notes do not count.\n\nExample:\n  $ static-url check --root public\n',
    fromConfig: { symlinks: linksOfSources },
    async run(options, { json }) {
      const report = await checkAssets(options);
      terminal.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
      const errors = count(report, 'error');
      if (errors > 0) {
        throw new StaticUrlError(
          'CHECK_FAILED',
          `Found ${countText(errors, 'error')} in ${countText(report.files, 'file')}. Correct what is told above.`,
        );
      }
    },
  });
}

function formatReport(report: CheckReport): string {
  const lines = report.findings.map(({ severity, message }) => `${severity}: ${message}\n`).join('');
  const told = (['error', 'warning', 'note'] as const)
    .filter((severity) => severity === 'error' || count(report, severity) > 0)
    .map((severity) => countText(count(report, severity), severity));
  return `${lines}Checked ${countText(report.files, 'file')}: ${told.join(', ')}.\n`;
}

function count({ findings }: CheckReport, severity: Finding['severity']): number {
  return findings.filter((each) => each.severity === severity).length;
}
