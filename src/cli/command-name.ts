import type { Command } from 'commander';

/** The name of a command with those above it, without the program's. */
export function commandName(command: Command): string {
  const above = command.parent?.parent ? `${commandName(command.parent)} ` : '';
  return above + command.name();
}
