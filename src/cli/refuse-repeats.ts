import type { Command, Option } from 'commander';
import { ADDED_TO_CONFIG } from './config-defaults.ts';
import { leafCommands } from './leaf-commands.ts';

/**
 * Lets no flag be given twice that takes one value: the second would silently take the place of the first.
 *
 * @param program - with all its commands and their flags
 */
export function refuseRepeats(program: Command): void {
  for (const command of leafCommands(program)) {
    for (const option of command.options.filter(takesOneValue)) {
      let isGiven = false;
      command.on(`option:${option.name()}`, () => {
        if (isGiven) command.error(`error: option '${option.flags}' is given twice. Keep one.`);
        isGiven = true;
      });
    }
  }
}

function takesOneValue(option: Option): boolean {
  return option.required && !option.variadic && !(option.attributeName() in ADDED_TO_CONFIG);
}
