import { Command } from 'commander';
import { quote } from '../core/options.ts';
import { unmark } from '../version/index.ts';
import { absolutePath, pathFlag } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** `static-url unmark`: what a deploy does before it changes the first file. */
export function unmarkCommand(terminal: Terminal): Command {
  return new Command('unmark')
    .description('Remove the markers of all versions, so that nginx caches none for long while files change.')
    .argument('<folder>', 'the marker folder of "static-url url --mark"', pathFlag)
    .option('--json', 'print {"removed": […], "warnings": […]} instead of the versions')
    .addHelpText(
      'after',
      '\nA folder that is not there, as before the first deploy, is a warning.\n\nExample:\n  $ static-url unmark /srv/app/current\n  9b2d71f00c3e5a48\n',
    )
    .action((markerFolder: string, { json }: { readonly json?: boolean }) => {
      const folder = absolutePath(terminal, markerFolder);
      const found = unmark(folder);
      const warning = warnOfNothing(folder, found);
      if (warning !== undefined) terminal.writeError(`warning: ${warning}\n`);
      const removed = found ?? [];
      const warnings = warning === undefined ? [] : [warning];
      terminal.write(
        json
          ? `${JSON.stringify({ removed, warnings })}\n`
          : removed.map((version) => `${version}\n`).join(''),
      );
    });
}

/** With a mistyped folder the old version stays marked while files change: the first deploy alone has nothing to unmark. */
function warnOfNothing(folder: string, removed: readonly string[] | undefined): string | undefined {
  if (removed === undefined) return `There is no folder ${quote(folder)}, so no version was unmarked.`;
  if (removed.length === 0) return `No marker is in the folder ${quote(folder)}, so no version was unmarked.`;
  return undefined;
}
