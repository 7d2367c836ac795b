import { isAbsolute, resolve } from 'node:path';
import { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { CONFIG_OPTIONS } from '../config/options.ts';
import type { AnyTable, Table } from '../core/options.ts';
import { applyConfig, negate, readConfig } from './config-values.ts';
import { flagOf, isRepeatable, nonEmpty, refuseRepeats } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** What a command reads from the configuration for an option, where that is not the value of the same name. */
export type FromConfig<Options> = {
  readonly [Name in keyof Options]?: (config: ResolvedConfig, command: Command) => unknown;
};

/** A command, whose flags are the options of a function. */
export interface CommandSpec<Options, Open extends keyof Options> {
  readonly name: string;
  readonly description: string;
  readonly options: Table<Options, Open> | AnyTable;
  /** How `--json` is explained; without it the command has none. */
  readonly json?: string;
  /** What follows the flags in the help. */
  readonly notes: string;
  /** What the command is given without a flag, such as `<folder>` or `<url...>`, and how it is explained. */
  readonly operands?: { readonly syntax: string; readonly help: string };
  /** `false`: nothing is read from the configuration. */
  readonly fromConfig: FromConfig<Options> | false;
  readonly run: (options: Options, call: CommandCall) => Promise<void> | void;
}

/** How a command was called. */
export interface CommandCall {
  readonly command: Command;
  /** Whether data is to be printed. */
  readonly json: boolean;
  /** The options for which the configuration does not count. */
  readonly takenBack: ReadonlySet<string>;
  /** What was given without a flag, as it was given. */
  readonly operands: readonly string[];
}

/** Makes a command of its spec. */
export function createCommand<Options, Open extends keyof Options>(
  terminal: Terminal,
  spec: CommandSpec<Options, Open>,
): Command {
  // Every option has a spec.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const table = spec.options as AnyTable;
  const command = new Command(spec.name).description(spec.description).addHelpText('after', spec.notes);
  const { operands } = spec;
  if (operands !== undefined)
    command.usage(`${operands.syntax} [options]`).argument(operands.syntax, operands.help, nonEmpty);
  for (const [name, option] of Object.entries(table)) {
    if (option.flag === undefined) continue;
    const flag = flagOf(name, { ...option, flag: option.flag });
    command.addOption(flag);
    if ((flag.required || flag.optional) && !isRepeatable(option)) refuseRepeats(command, flag);
  }
  if (spec.json !== undefined) command.option('--json', spec.json);
  const { fromConfig } = spec;
  const takenBack =
    fromConfig === false ? new Set<string>() : negate(command, Object.keys(fromConfig), table);
  if (fromConfig !== false) {
    command.hook('preAction', async () => {
      const config = await readConfig(command, terminal);
      if (config !== undefined) await applyConfig(command, table, config, fromConfig, takenBack);
    });
  }
  return command.action(async () => {
    // What is required is there, and the function checks the values.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    await spec.run(givenOptions(command, table, terminal) as Options, {
      command,
      json: command.getOptionValue('json') === true,
      takenBack,
      operands: command.args,
    });
  });
}

/** The options that were given, by flags or by the configuration, with absolute paths. */
function givenOptions(
  command: Command,
  table: AnyTable,
  terminal: Terminal,
): Readonly<Record<string, unknown>> {
  const absolute = (path: unknown): unknown =>
    typeof path === 'string' ? absolutePath(terminal, path) : path;
  const given: Record<string, unknown> = {};
  for (const [name, { argument, required, flag }] of Object.entries(table)) {
    const value: unknown = command.getOptionValue(name);
    if (value === undefined) {
      if (required) refuseMissing(command, name, flag);
    } else if (argument.kind === 'path') given[name] = absolute(value);
    else if (argument.kind === 'paths') given[name] = [value].flat().map(absolute);
    else given[name] = value;
  }
  return given;
}

/** Not by Commander's own mandatory options: they are checked before unknown flags, so a mistyped name would be called missing. */
function refuseMissing(command: Command, name: string, flag = `--${name}`): never {
  const configured = name === 'root' ? 'roots' : name;
  const advice =
    configured in CONFIG_OPTIONS ? `. Give it, or set "${configured}" in ${configName(command)}.` : '';
  command.error(`error: required option '${flag}' is missing${advice}`);
}

/** The configuration that was read, or the one to write. */
function configName(command: Command): string {
  return command.getOptionValue('config') ?? 'static-url.config.js';
}

/** A path as seen from the working folder, which may be gone where it does not matter. */
export function absolutePath(terminal: Terminal, path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(terminal.cwd, path);
}

/** The name of a command with those above it: `static-url nginx static`. */
export function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
