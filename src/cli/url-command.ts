import type { Command } from 'commander';
import { createCommand, type FromConfig } from './command.ts';
import { onlyRoot } from './config-values.ts';
import type { Terminal } from './terminal.ts';
import { readStaticUrl, VERSION_OPTIONS, type VersionOptions } from './version-options.ts';

/** What `url` and `mark` read from the configuration. */
export const VERSION_FROM_CONFIG: FromConfig<VersionOptions> = {
  root: (config, command) =>
    command.getOptionValue('from') === 'content'
      ? onlyRoot('Name it with --root.')(config, command)
      : undefined,
};

/** `static-url url`: prints the static URL for deploy scripts. */
export function urlCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'url',
    description: 'Print the static URL.',
    options: VERSION_OPTIONS,
    json: 'Print {"url", "prefix", "version", "from"} instead.',
    notes: '\nExample:\n  $ static-url url --from git\n  /static/3f1c09a4b2d7e86c/\n',
    fromConfig: VERSION_FROM_CONFIG,
    async run(options, { command, json }) {
      const made = await readStaticUrl(options, command, terminal.env);
      terminal.write(json ? `${JSON.stringify(made)}\n` : `${made.url}\n`);
    },
  });
}
