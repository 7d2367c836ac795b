import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { systemErrorCode } from '../core/errors.ts';
import { checkCommand } from './check-command.ts';
import { nginxCommand } from './nginx-command.ts';
import { inWordsOf } from './option-names.ts';
import { pruneCommand } from './prune-command.ts';
import { readConfigFor } from './read-config.ts';
import { refuseRepeats } from './refuse-repeats.ts';
import { releaseCommand } from './release-command.ts';
import type { Terminal } from './terminal.ts';
import { unmarkCommand } from './unmark-command.ts';
import { urlCommand } from './url-command.ts';

const SUCCESS = 0;
const FAILURE = 1;
const WRONG_USAGE = 2;

/**
 * Runs the command line and says how it ended; never exits the process.
 *
 * @param argv - the arguments after the program's name
 * @returns 0 success, 1 failure, 2 wrong usage
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('static-url')
    .description(
      'Static URLs that change when the bytes change, and the nginx configuration that serves them.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .showHelpAfterError('Run with --help for an example.')
    .addHelpText('after', '\nExample:\n  $ static-url url --from git\n  /static/3f1c09a4b2d7e86c/\n')
    .addCommand(urlCommand(terminal))
    .addCommand(unmarkCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addCommand(releaseCommand(terminal))
    .addCommand(pruneCommand(terminal))
    .addCommand(nginxCommand(terminal));
  readConfigFor(program, terminal);
  refuseRepeats(program);
  inheritSettings(program);
  let running = program;
  program.hook('preAction', (_, command) => void (running = command));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return SUCCESS;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? SUCCESS : WRONG_USAGE;
    if (error instanceof TypeError || error instanceof RangeError)
      return report(terminal, running, error, WRONG_USAGE);
    // A StaticUrlError, or one of the system, such as a working folder that is gone. All else is a mistake of ours.
    if (error instanceof Error && systemErrorCode(error) !== undefined)
      return report(terminal, running, error, FAILURE);
    throw error;
  }
}

/** Commander copies settings to commands made by `command()`, not to those added. */
function inheritSettings(command: Command): void {
  for (const each of command.commands) {
    each.copyInheritedSettings(command);
    inheritSettings(each);
  }
}

function report(terminal: Terminal, command: Command, error: Error, code: number): number {
  terminal.writeError(`error: ${inWordsOf(command, error.message)}\n`);
  return code;
}

function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('../../package.json');
  return version;
}
