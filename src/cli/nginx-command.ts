import { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { releasesLocation, staticLocation } from '../nginx/index.ts';
import { RELEASES_OPTIONS, STATIC_OPTIONS } from '../nginx/options.ts';
import { createCommand } from './command.ts';
import { onlyRoot } from './config-values.ts';
import { madeBy } from './made-by.ts';
import { nginxPagesCommand } from './nginx-pages-command.ts';
import { nginxSiteCommand } from './nginx-site-command.ts';
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
    .addCommand(nginxReleasesCommand(terminal))
    .addCommand(nginxPagesCommand(terminal))
    .addCommand(nginxSiteCommand(terminal));
}

function nginxStaticCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'static',
    description: 'Print a location to include in a server block: static URLs with a long expiry.',
    options: STATIC_OPTIONS,
    notes:
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public > /etc/nginx/snippets/app-static.conf\n',
    fromConfig: {
      root: onlyRoot('Name with --root the one that holds what pages ask for: files of the others are 404.'),
      symlinks: linksOfLocation,
      // Said for releases, it means nothing to a location that knows no version.
      unknownVersion: ({ values }, command) =>
        markerFolder(values, command) === undefined ? undefined : values.unknownVersion,
    },
    run: (options, call) => terminal.write(madeBy(call, options) + staticLocation(options)),
  });
}

function nginxReleasesCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'releases',
    description:
      'Print a location to include in a server block: every released URL with its own bytes, for a year.',
    options: RELEASES_OPTIONS,
    notes:
      '\nExample:\n  $ static-url nginx releases --prefix /static/ --root /srv/app/public --releases /srv/app/releases > /etc/nginx/snippets/app-releases.conf\n',
    fromConfig: {
      root: onlyRoot(
        'Name with --root the one whose files are asked for without a version, such as "favicon.ico": files of the others are 404 without one, and under versions that are not released.',
      ),
      symlinks: linksOfLocation,
      // How many there are is for releases.
      deltas: ({ values: { deltas } }) => deltas !== undefined && deltas !== false,
    },
    run: (options, call) => terminal.write(madeBy(call, options) + releasesLocation(options)),
  });
}

/** Nginx follows all links, or none. */
function linksOfLocation({ values: { symlinks } }: ResolvedConfig): 'follow' | 'refuse' | undefined {
  return symlinks === undefined ? undefined : symlinks === 'refuse' ? 'refuse' : 'follow';
}

/** What the command line says of it, `--no-current` too, else what the configuration says. */
function markerFolder({ current }: ResolvedConfig['values'], command: Command): string | undefined {
  return command.getOptionValueSource('current') === 'cli' ? command.getOptionValue('current') : current;
}
