import { Command } from 'commander';
import type { PruneReport } from '../releases/index.ts';
import { quote } from '../core/options.ts';
import { byteText, countText } from './byte-text.ts';
import { durationFlag } from './duration-flag.ts';
import { absolutePath, pathFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumberFlag } from './whole-number-flag.ts';

interface PruneFlags {
  readonly out: string;
  readonly keep?: number;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `static-url prune`: removes old releases from a releases folder. */
export function pruneCommand(terminal: Terminal): Command {
  return new Command('prune')
    .description('Remove old releases, and the folders that no remaining release names.')
    .option('--out <folder>', 'the releases folder', pathFlag)
    .option(
      '--keep <number>',
      'so many of the newest releases stay in any case (default: 5)',
      wholeNumberFlag('releases'),
    )
    .option(
      '--older-than <duration>',
      'another may go once it has been replaced for so long, such as 12h, 30d, 2w; 0d counts releases alone (default: 30d)',
      durationFlag,
    )
    .option('--dry-run', 'remove nothing, only say what would be')
    .option('--json', 'print what was done as data instead')
    .addHelpText(
      'after',
      '\nExample: daily, from cron\n  $ static-url prune --out /srv/releases --keep 5 --older-than 30d\n',
    )
    .action(async (flags: PruneFlags, command: Command) => {
      requireFlags(command, ['out']);
      const { pruneReleases } = await import('../releases/index.ts');
      const report = await pruneReleases({
        releases: absolutePath(terminal, flags.out),
        ...(flags.keep !== undefined && { keep: flags.keep }),
        ...(flags.olderThan !== undefined && { olderThanSeconds: flags.olderThan }),
        dryRun: flags.dryRun ?? false,
      });
      terminal.write(flags.json ? `${JSON.stringify(report)}\n` : pruneText(report, flags.out));
    });
}

function pruneText(
  { dryRun, kept, removed, removedFolders, freedBytes }: PruneReport,
  releases: string,
): string {
  const gone = `${countText(removed.length, 'release')} and ${countText(removedFolders.length, 'folder')}, ${byteText(freedBytes)}`;
  return `${dryRun ? 'Would remove' : 'Removed'} ${gone}, from ${quote(releases)}; ${countText(kept.length, 'release')} ${kept.length === 1 ? 'stays' : 'stay'}.\n`;
}
