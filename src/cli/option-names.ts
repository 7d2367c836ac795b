import type { Command } from 'commander';

/** The flags whose option has another name in the API and the configuration; all others have the name of their flag. */
const OPTIONS: Readonly<Record<string, string>> = {
  followSymlinks: 'symlinks',
  header: 'headers',
  maxAge: 'maxAgeSeconds',
  mediaType: 'mediaTypes',
  olderThan: 'olderThanSeconds',
  out: 'releases',
  refuseSymlinks: 'symlinks',
  secretEnv: 'secret',
  unversioned: 'unversionedCacheControl',
};

/** The option of the API and the configuration that a flag stands for. */
export function optionOf(flag: string): string {
  return OPTIONS[flag] ?? flag;
}

/** As messages of the API name an option, and a helper. */
const OPTION = /\bthe option "(?<option>\w+)"/gi;
const HELPER = /\bgetStaticUrl(?<source>[A-Z][a-z]+)\(\)/g;

/**
 * Says a message of the API to who has typed flags: each option is named by its flag, or by the configuration's file
 * when it came from there.
 */
export function inWordsOf(command: Command, message: string): string {
  return message
    .replaceAll(OPTION, (whole, option: string) => nameOf(option, command) ?? whole)
    .replaceAll(HELPER, (_, source: string) => `--from ${source.toLowerCase()}`);
}

function nameOf(option: string, command: Command): string | undefined {
  const flag = command.options.find((each) => optionOf(each.attributeName()) === option);
  return flag !== undefined && command.getOptionValueSource(flag.attributeName()) === 'config'
    ? `"${option}" in ${command.getOptionValue('config')}`
    : (flag?.long ?? undefined);
}
