import type { Command } from 'commander';

/** The commands that do something, not those that only hold others. */
export function leafCommands(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((each) => leafCommands(each));
}
