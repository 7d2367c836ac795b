import { dirname, isAbsolute } from 'node:path';
import { Option, type Command } from 'commander';
import { loadConfig, type ResolvedConfig } from '../config/index.ts';
import { commandName } from './command-name.ts';
import { ADDED_TO_CONFIG, CONFIG_DEFAULTS, type Defaults } from './config-defaults.ts';
import { leafCommands } from './leaf-commands.ts';
import { mergeByName, type NamedValues } from './named-values.ts';
import { pathFlag } from './paths.ts';
import type { Terminal } from './terminal.ts';

/**
 * Lets all commands read the configuration: what it says are the defaults of their flags.
 *
 * @param program - with all its commands
 */
export function readConfigFor(program: Command, terminal: Terminal): void {
  for (const command of leafCommands(program)) {
    const defaults = CONFIG_DEFAULTS[commandName(command)];
    if (defaults === undefined) continue;
    const { negations, takenBack } = addNegations(command, Object.keys(defaults));
    command
      .option(
        '--config <file>',
        `the configuration (default: static-url.config.js, .mjs or .ts in the working folder); ${negations.slice(-2).join(', ')} and the like take back what it says`,
        pathFlag,
      )
      .hook('preAction', async () => {
        for (const name of takenBack) forgetNegation(command, name);
        const config = await readConfig(command, terminal);
        if (config === undefined) return;
        applyDefaults(command, defaults, config, takenBack);
        // For messages about what it says.
        command.setOptionValueWithSource('config', config.name, 'config');
      });
  }
}

interface Negations {
  /** The flags that take back what the configuration says. */
  readonly negations: readonly string[];
  /** The names of the flags that were taken back, once the command line is read. */
  readonly takenBack: ReadonlySet<string>;
}

/** Adds to each flag one that takes back what the configuration says. */
function addNegations(command: Command, names: readonly string[]): Negations {
  const negations: string[] = [];
  const takenBack = new Set<string>();
  const flags = command.options.filter((option) => names.includes(option.attributeName()));
  for (const { long } of flags) {
    const negation = new Option(`--no-${long?.slice(2)}`).hideHelp();
    negations.push(negation.flags);
    command
      .addOption(negation)
      .on(`option:${negation.name()}`, () => void takenBack.add(negation.attributeName()));
  }
  return { negations, takenBack };
}

/** Leaves a flag with a value at the command's own default; Commander makes it `false`. */
function forgetNegation(command: Command, name: string): void {
  const flag = command.options.find((option) => option.attributeName() === name && !option.negate);
  if (flag?.isBoolean() !== true && command.getOptionValue(name) === false)
    command.setOptionValueWithSource(name, flag?.defaultValue, 'cli');
}

function applyDefaults(
  command: Command,
  defaults: Defaults,
  config: ResolvedConfig,
  takenBack: ReadonlySet<string>,
): void {
  for (const [name, read] of Object.entries(defaults)) {
    if (takenBack.has(name)) continue;
    if (command.getOptionValueSource(name) === 'cli') {
      const below = ADDED_TO_CONFIG[name]?.(config) ?? {};
      const above: NamedValues = command.getOptionValue(name);
      if (name in ADDED_TO_CONFIG) command.setOptionValueWithSource(name, mergeByName(below, above), 'cli');
      continue;
    }
    const value = read(config, command);
    if (value !== undefined) command.setOptionValueWithSource(name, value, 'config');
  }
}

async function readConfig(command: Command, terminal: Terminal): Promise<ResolvedConfig | undefined> {
  const named: string | undefined = command.getOptionValue('config');
  if (named !== undefined) return loadConfig(isAbsolute(named) ? dirname(named) : terminal.cwd, named);
  let folder: string;
  try {
    folder = terminal.cwd;
  } catch {
    // The working folder is gone, which does not matter to commands whose paths are absolute.
    return undefined;
  }
  return loadConfig(folder);
}
