import { Command } from 'commander';
import { nginxReleasesCommand } from './nginx-releases-command.ts';
import { nginxStaticCommand } from './nginx-static-command.ts';
import type { Terminal } from './terminal.ts';

/** `static-url nginx`: prints configuration. */
export function nginxCommand(terminal: Terminal): Command {
  return new Command('nginx')
    .description('Print configuration for nginx.')
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public\n',
    )
    .addCommand(nginxStaticCommand(terminal))
    .addCommand(nginxReleasesCommand(terminal));
}
