import { Command, Option } from 'commander';
import type { ModulesMode } from '../assets/index.ts';
import { absolutePath, pathFlag, pathListFlag } from './paths.ts';
import { createProgressBar } from './progress-bar.ts';
import { releaseText } from './release-text.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';

interface ReleaseFlags {
  readonly root: readonly string[];
  readonly out: string;
  readonly prefix: string;
  readonly modules?: ModulesMode;
  readonly dotfiles?: boolean;
  readonly wellKnown?: boolean;
  readonly followSymlinks?: boolean;
  readonly compress?: boolean;
  readonly manifest?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** From the configuration alone. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** `static-url release`: adds a release to a releases folder. */
export function releaseCommand(terminal: Terminal): Command {
  return new Command('release')
    .description('Add a release to a releases folder, where nginx finds it beside those before it.')
    .option(
      '--root <folder...>',
      'the folders with the files; of files with one name the first one counts',
      pathListFlag,
    )
    .option('--out <folder>', 'the releases folder', pathFlag)
    .option('--prefix <prefix>', 'what static URLs start with', '/static/')
    .addOption(
      new Option(
        '--modules <mode>',
        'how JavaScript modules get their fingerprints (default: group)',
      ).choices(['group', 'importmap']),
    )
    .option('--dotfiles', 'take in files whose names start with a dot')
    .option('--well-known', 'take in the folder .well-known')
    .option('--follow-symlinks', 'take in what symbolic links outside of the roots lead to')
    .option('--compress', 'lay compressed copies beside the files: .br, .gz, and .zst where Node has it')
    .option('--manifest <file>', 'write a copy of the manifest for the app to open its release by', pathFlag)
    .option('--dry-run', 'write nothing, only say what would be')
    .option('--json', 'print what was done as data instead')
    .addHelpText(
      'after',
      '\nExample: a release, and its manifest beside the app\n  $ static-url release --root public --out /srv/releases --compress --manifest assets.json\n',
    )
    .action(async (flags: ReleaseFlags, command: Command) => {
      requireFlags(command, ['root', 'out']);
      const { writeRelease } = await import('../releases/index.ts');
      const bar = await createProgressBar(flags.json ? undefined : terminal.progress);
      try {
        const report = await writeRelease({
          roots: flags.root.map((root) => absolutePath(terminal, root)),
          releases: absolutePath(terminal, flags.out),
          prefix: flags.prefix,
          ...(flags.modules && { modules: flags.modules }),
          dotfiles: flags.dotfiles ?? false,
          wellKnown: flags.wellKnown ?? false,
          ...(flags.imports && { imports: flags.imports }),
          symlinks: flags.followSymlinks ? 'follow' : 'inside',
          compress: flags.compress ?? false,
          ...(flags.manifest !== undefined && { manifest: absolutePath(terminal, flags.manifest) }),
          dryRun: flags.dryRun ?? false,
          onProgress(progress) {
            if (progress.stage === 'waiting for a prune')
              terminal.writeError('Waiting for a prune to end that removes what this release names.\n');
            else bar.show(progress);
          },
        });
        bar.end();
        terminal.write(flags.json ? `${JSON.stringify(report)}\n` : releaseText(report, flags.out));
      } finally {
        bar.end();
      }
    });
}
