import type { Command } from 'commander';
import { BOOLEAN } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import type { PublishReport } from '../site/index.ts';
import { SITE_PUBLISH_OPTIONS, type PublishOptions } from '../site/options.ts';
import { createCommand } from './command.ts';
import { findingsText } from './export-text.ts';
import { withHostedApp } from './hosted-app.ts';
import { createProgressBar } from './progress-bar.ts';
import { failuresText, publishText, warningsText } from './publish-text.ts';
import { openSite } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

interface PublishFlags extends PublishOptions {
  readonly quiet?: boolean;
}

const PUBLISH_FLAGS: Table<PublishFlags, 'from' | 'confirm' | 'onProgress'> = {
  ...SITE_PUBLISH_OPTIONS,
  lock: {
    ...SITE_PUBLISH_OPTIONS.lock,
    help: 'Publishes without the lock in the target that keeps others from publishing at the same time.',
  },
  quiet: { ...BOOLEAN, flag: '--quiet', default: false, help: 'Prints nothing but what is wrong.' },
};

/** `static-url publish`: publishes the site of the configuration to one of its targets. */
export function publishCommand(terminal: Terminal): Command {
  return createCommand<PublishFlags, 'from' | 'confirm' | 'onProgress'>(terminal, {
    name: 'publish',
    description: 'Export the site of the configuration, and publish it to one of its targets.',
    options: PUBLISH_FLAGS,
    operands: {
      syntax: '[target]',
      help: 'One of "targets" in "site"; by default "default", or the only one.',
    },
    json: 'Print what was done, or {"step", "failures": [{"key", "reason"}]}, as data instead.',
    notes:
      '\nA step that fails stops those behind it, and what was published before stays whole. Exits with 1 then.\nExamples: what would be done; a folder that was exported before\n  $ static-url publish --dry-run\n  $ static-url publish staging --from site\n',
    fromConfig: {},
    async run({ quiet = false, ...given }, call) {
      const { json, operands } = call;
      await withHostedApp(terminal, async (listening) => {
        const site = await openSite(terminal, call, {}, listening);
        const bar = await createProgressBar(json || quiet ? undefined : terminal.progress, { rate: true });
        const { confirm } = terminal;
        try {
          const report = await site.publish(operands[0], {
            ...given,
            ...(confirm !== undefined && {
              confirm: async (finding: string) => {
                bar.end();
                return confirm(`${finding} Go on?`);
              },
            }),
            onProgress: bar.show,
          });
          bar.end();
          write(terminal, report, json, quiet);
        } catch (error) {
          bar.end();
          await writeFaults(terminal, error, json);
          throw error;
        } finally {
          await site.close();
        }
      });
    },
  });
}

function write(terminal: Terminal, report: PublishReport, json: boolean, quiet: boolean): void {
  if (json) {
    terminal.write(`${JSON.stringify(report)}\n`);
    return;
  }
  terminal.writeError(findingsText(report.exported?.findings ?? []));
  if (!quiet) terminal.write(publishText(report));
  terminal.writeError(warningsText(report.warnings));
}

async function writeFaults(terminal: Terminal, error: unknown, json: boolean): Promise<void> {
  const { PublishError, SiteCheckError } = await import('../site/index.ts');
  if (error instanceof SiteCheckError) {
    const { findings } = error;
    if (json) terminal.write(`${JSON.stringify({ findings })}\n`);
    else terminal.writeError(findingsText(findings));
  } else if (error instanceof PublishError) {
    const { step, failures } = error;
    if (json) terminal.write(`${JSON.stringify({ step, failures })}\n`);
    else terminal.writeError(failuresText(failures));
  }
}
