import type { Command } from 'commander';
import { byteText, countText, quote } from '../core/text.ts';
import { pruneReleases, type PruneReport } from '../releases/index.ts';
import { PRUNE_OPTIONS } from '../releases/options.ts';
import { createCommand } from './command.ts';
import type { Terminal } from './terminal.ts';

/** `static-url prune`: removes old releases from a releases folder. */
export function pruneCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'prune',
    description: 'Remove old releases, and the folders that no remaining release names.',
    options: PRUNE_OPTIONS,
    json: 'Print what was done as data instead.',
    notes:
      '\nA duration is a whole number with a unit: 90s, 30m, 12h, 30d or 2w; 0d for none.\n\nExample: daily, from cron\n  $ static-url prune --releases /srv/releases --keep 5 --older-than 30d\n',
    fromConfig: {},
    async run(options, { command, json }) {
      const report = await pruneReleases(options);
      terminal.write(
        json ? `${JSON.stringify(report)}\n` : pruneText(report, command.getOptionValue('releases')),
      );
    },
  });
}

function pruneText(
  { dryRun, kept, removed, removedFolders, freedBytes }: PruneReport,
  releases: string,
): string {
  const gone = `${countText(removed.length, 'release')} and ${countText(removedFolders.length, 'folder')}, ${byteText(freedBytes)}`;
  return `${dryRun ? 'Would remove' : 'Removed'} ${gone}, from ${quote(releases)}; ${countText(kept.length, 'release')} ${kept.length === 1 ? 'stays' : 'stay'}.\n`;
}
