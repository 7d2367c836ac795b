import { Command } from 'commander';
import { unmark } from '../version/marker.ts';
import { absolutePath, pathFlag } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** `static-url unmark`: what a deploy does before it changes the first file. */
export function unmarkCommand(terminal: Terminal): Command {
  return new Command('unmark')
    .description('Remove the markers of all versions, so that nginx caches none for long while files change.')
    .argument('<folder>', 'the marker folder of "static-url url --mark"', pathFlag)
    .option('--json', 'print {"removed": […]} instead of the versions')
    .addHelpText('after', '\nExample:\n  $ static-url unmark /srv/app/current\n  9b2d71f00c3e5a48\n')
    .action((folder: string, { json }: { readonly json?: boolean }) => {
      const removed = unmark(absolutePath(terminal, folder));
      terminal.write(
        json ? `${JSON.stringify({ removed })}\n` : removed.map((version) => `${version}\n`).join(''),
      );
    });
}
