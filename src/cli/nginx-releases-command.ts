import { Command } from 'commander';
import { releasesLocation } from '../nginx/index.ts';
import { addAnswerFlags, addFolderFlags, locationOptions, type LocationFlags } from './location-flags.ts';
import { absolutePath, pathFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumberFlag } from './whole-number-flag.ts';

interface NginxReleasesFlags extends LocationFlags {
  readonly releases: string;
  readonly maxOpenFiles?: number;
}

/** `static-url nginx releases`: prints a location for releases. */
export function nginxReleasesCommand(terminal: Terminal): Command {
  const command = new Command('releases').description(
    'Print a location to include in a server block: every released URL with its own bytes, for a year.',
  );
  addFolderFlags(command).option(
    '--releases <folder>',
    'the releases folder of "static-url release --out"',
    pathFlag,
  );
  addAnswerFlags(
    command,
    'a year',
    'what a version gets that was not released here (default: current-bytes)',
  );
  return command
    .option(
      '--max-open-files <count>',
      'how many released files each worker keeps open (default: 200); raise worker_rlimit_nofile with it',
      wholeNumberFlag('files'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx releases --prefix /static/ --root /srv/app/public --releases /srv/app/releases > /etc/nginx/snippets/app-releases.conf\n',
    )
    .action((flags: NginxReleasesFlags) => {
      requireFlags(command, ['prefix', 'root', 'releases']);
      terminal.write(
        releasesLocation({
          ...locationOptions(terminal, flags),
          releases: absolutePath(terminal, flags.releases),
          ...(flags.maxOpenFiles !== undefined && { maxOpenFiles: flags.maxOpenFiles }),
        }),
      );
    });
}
