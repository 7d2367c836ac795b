import type { Command } from 'commander';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { createCommand } from './command.ts';
import { withHostedApp } from './hosted-app.ts';
import { testText } from './publish-text.ts';
import { openSite } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

/** `static-url test-publish`: tries whether a target can be published to. */
export function testPublishCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'test-publish',
    description:
      'Try whether a target can be published to, with a file of a random name that is deleted again.',
    options: {},
    operands: {
      syntax: '[target]',
      help: 'One of "targets" in "site"; by default "default", or the only one.',
    },
    json: 'Print {"target", "passed", "steps": [{"name", "result", "message"}]} instead.',
    notes: '\nExits with 1 when a step fails.\nExample:\n  $ static-url test-publish staging\n',
    fromConfig: {},
    async run(_, call) {
      await withHostedApp(terminal, async (listening) => {
        const site = await openSite(terminal, call, {}, listening);
        const report = await site.testPublish(call.operands[0]);
        terminal.write(call.json ? `${JSON.stringify(report)}\n` : testText(report));
        if (report.passed) return;
        const failed = report.steps.filter(({ result }) => result === 'failed');
        throw new StaticUrlError(
          'CHECK_FAILED',
          `${quote(report.target)} cannot be published to: ${failed.map(({ name }) => quote(name)).join(' and ')} failed.`,
        );
      });
    },
  });
}
