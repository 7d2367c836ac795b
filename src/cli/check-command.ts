import { Command } from 'commander';
import type { CheckReport, Finding } from '../assets/index.ts';
import { StaticUrlError } from '../core/errors.ts';
import { countText } from './byte-text.ts';
import { absolutePath, pathListFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';

interface CheckFlags {
  readonly root: readonly string[];
  readonly prefix: string;
  readonly dotfiles?: boolean;
  readonly wellKnown?: boolean;
  readonly followSymlinks?: boolean;
  readonly unreferenced?: boolean;
  readonly json?: boolean;
  /** From the configuration alone. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** `static-url check`: tells what is wrong with the files before a deploy does. */
export function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .description('Report references that lead nowhere or leave the version, and names that do not work.')
    .option(
      '--root <folder...>',
      'the folders with the files; of files with one name the first one counts',
      pathListFlag,
    )
    .option('--prefix <prefix>', 'what static URLs start with', '/static/')
    .option('--dotfiles', 'check files whose names start with a dot')
    .option('--well-known', 'check the folder .well-known')
    .option('--follow-symlinks', 'check what symbolic links outside of the roots lead to')
    .option('--unreferenced', 'report files that no other file refers to as well')
    .option('--json', 'print {"files", "findings"} instead')
    .addHelpText(
      'after',
      '\nExits with 1 when something is wrong; warnings and notes are not.\n\nExample:\n  $ static-url check --root public\n',
    )
    .action(async (flags: CheckFlags, command: Command) => {
      requireFlags(command, ['root']);
      const roots = flags.root.map((root) => absolutePath(terminal, root));
      // What reads CSS, JavaScript and markup is loaded only by who checks them.
      const { checkAssets } = await import('../assets/index.ts');
      const report = await checkAssets({
        prefix: flags.prefix,
        roots,
        dotfiles: flags.dotfiles ?? false,
        wellKnown: flags.wellKnown ?? false,
        symlinks: flags.followSymlinks ? 'follow' : 'inside',
        unreferenced: flags.unreferenced ?? false,
        ...(flags.imports && { imports: flags.imports }),
      });
      terminal.write(flags.json ? `${JSON.stringify(report)}\n` : formatReport(report));
      const errors = count(report, 'error');
      if (errors > 0) {
        throw new StaticUrlError(
          'CHECK_FAILED',
          `Found ${countText(errors, 'error')} in ${countText(report.files, 'file')}. Correct what is told above.`,
        );
      }
    });
}

function formatReport(report: CheckReport): string {
  const lines = report.findings.map(({ severity, message }) => `${severity}: ${message}\n`).join('');
  const told = (['error', 'warning', 'note'] as const)
    .filter((severity) => severity === 'error' || count(report, severity) > 0)
    .map((severity) => countText(count(report, severity), severity));
  return `${lines}Checked ${countText(report.files, 'file')}: ${told.join(', ')}.\n`;
}

function count({ findings }: CheckReport, severity: Finding['severity']): number {
  return findings.filter((each) => each.severity === severity).length;
}
