import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { systemErrorCode, isOptionError } from '../core/errors.ts';
import { checkCommand } from './check-command.ts';
import { fullName } from './command.ts';
import { exportCommand } from './export-command.ts';
import { markCommand, unmarkCommand } from './mark-command.ts';
import { nginxCommand } from './nginx-command.ts';
import { pagesCommand } from './pages-command.ts';
import { pruneCommand } from './prune-command.ts';
import { publishCommand } from './publish-command.ts';
import { releaseCommand } from './release-command.ts';
import { siteCommand } from './site-command.ts';
import type { Terminal } from './terminal.ts';
import { testPublishCommand } from './test-publish-command.ts';
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
  const program = createProgram(terminal);
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

/** The program with all its commands. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('static-url')
    .description(
      'Static URLs that change when the bytes change, and the nginx configuration that serves them.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .addHelpText('after', '\nExample:\n  $ static-url url --from git\n  /static/3f1c09a4b2d7e86c/\n')
    .addCommand(urlCommand(terminal))
    .addCommand(markCommand(terminal))
    .addCommand(unmarkCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addCommand(releaseCommand(terminal))
    .addCommand(pruneCommand(terminal))
    .addCommand(nginxCommand(terminal))
    .addCommand(pagesCommand(terminal))
    .addCommand(exportCommand(terminal))
    .addCommand(publishCommand(terminal))
    .addCommand(testPublishCommand(terminal))
    .addCommand(siteCommand(terminal));
  prepare(program);
  return program;
}

/** Commander copies settings to commands made by `command()`, not to those added. */
function prepare(command: Command): void {
  command.showHelpAfterError(`Run "${fullName(command)} --help" for an example.`);
  for (const each of command.commands) {
    each.copyInheritedSettings(command);
    prepare(each);
  }
}

function report(terminal: Terminal, command: Command, error: Error, code: number): number {
  const message = isOptionError(error) ? error.inWords((option) => nameOf(option, command)) : error.message;
  terminal.writeError(`error: ${message}\n`);
  return code;
}

/** An option as the user has written it: a flag, or a name in the configuration. */
function nameOf(option: string, command: Command): string {
  const flag = command.options.find((each) => each.attributeName() === option && each.long !== undefined);
  return flag === undefined || command.getOptionValueSource(option) === 'config'
    ? `"${option}" in ${command.getOptionValue('config')}`
    : String(flag.long);
}

function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('../../package.json');
  return version;
}
