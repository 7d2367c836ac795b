import type { Command } from 'commander';

/**
 * Ends with wrong usage when a flag is missing. Commander's own mandatory options are checked before unknown flags, so
 * that a mistyped name would be reported as missing, not as mistyped.
 */
export function requireFlags(command: Command, names: readonly string[]): void {
  for (const name of names) {
    if (command.getOptionValue(name) !== undefined) continue;
    const flags = command.options.find((option) => option.attributeName() === name)?.flags ?? `--${name}`;
    command.error(`error: required option '${flags}' is missing`);
  }
}
