import { Command } from 'commander';
import { siteServeCommand } from './site-serve-command.ts';
import { siteTargetsCommand } from './site-targets-command.ts';
import { siteUrlsCommand } from './site-urls-command.ts';
import type { Terminal } from './terminal.ts';

/** `static-url site`: what is done with a site besides exporting it. */
export function siteCommand(terminal: Terminal): Command {
  return new Command('site')
    .description('List the URLs of a site and its targets, and serve the folder that was exported.')
    .addHelpText('after', '\nExample:\n  $ static-url site serve\n')
    .addCommand(siteUrlsCommand(terminal))
    .addCommand(siteTargetsCommand(terminal))
    .addCommand(siteServeCommand(terminal));
}
