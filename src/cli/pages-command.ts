import { Command } from 'commander';
import { pagesHeadersCommand, pagesVerifyCommand, pagesWhyCommand } from './pages-inspection-commands.ts';
import { pagesListCommand } from './pages-list-command.ts';
import { pagesPublishCommand, pagesRefreshCommand } from './pages-publish-command.ts';
import { pagesRenewCommand } from './pages-renew-command.ts';
import { pagesClearCommand, pagesDeleteCommand, pagesInvalidateCommand } from './pages-removal-commands.ts';
import type { Terminal } from './terminal.ts';

/** `static-url pages`: what is done with the stored pages of an app. */
export function pagesCommand(terminal: Terminal): Command {
  return new Command('pages')
    .description('Publish, remove and examine the stored pages of an app.')
    .addHelpText('after', '\nExample:\n  $ static-url pages publish / /posts/hello\n')
    .addCommand(pagesPublishCommand(terminal))
    .addCommand(pagesRefreshCommand(terminal))
    .addCommand(pagesRenewCommand(terminal))
    .addCommand(pagesDeleteCommand(terminal))
    .addCommand(pagesInvalidateCommand(terminal))
    .addCommand(pagesClearCommand(terminal))
    .addCommand(pagesListCommand(terminal))
    .addCommand(pagesWhyCommand(terminal))
    .addCommand(pagesVerifyCommand(terminal))
    .addCommand(pagesHeadersCommand(terminal));
}
