import { Command } from 'commander';
import { staticLocation } from '../nginx/index.ts';
import { addAnswerFlags, addFolderFlags, locationOptions, type LocationFlags } from './location-flags.ts';
import { absolutePath, pathFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';

interface NginxStaticFlags extends LocationFlags {
  readonly current?: string;
}

/** `static-url nginx static`: prints a location for static URLs. */
export function nginxStaticCommand(terminal: Terminal): Command {
  const command = new Command('static').description(
    'Print a location to include in a server block: static URLs with a long expiry.',
  );
  addFolderFlags(command).option(
    '--current <folder>',
    'the marker folder of "static-url url --mark": only its versions are immutable',
    pathFlag,
  );
  addAnswerFlags(
    command,
    'a week; with --current a year',
    'with --current: what a version without marker gets',
  );
  return command
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public > /etc/nginx/snippets/app-static.conf\n',
    )
    .action((flags: NginxStaticFlags) => {
      requireFlags(command, ['prefix', 'root']);
      terminal.write(
        staticLocation({
          ...locationOptions(terminal, flags),
          ...(flags.current !== undefined && { current: absolutePath(terminal, flags.current) }),
        }),
      );
    });
}
