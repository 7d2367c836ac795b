import type { Command } from 'commander';
import { requireOutside } from '../releases/index.ts';
import { quote } from '../core/text.ts';
import { markCurrent, unmark, warnOfClosedFolder } from '../version/index.ts';
import { absolutePath, createCommand } from './command.ts';
import type { Terminal } from './terminal.ts';
import { VERSION_FROM_CONFIG } from './url-command.ts';
import { readStaticUrl, VERSION_OPTIONS } from './version-options.ts';

/** `static-url mark`: what a deploy does when its last file is there. */
export function markCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'mark',
    description:
      'Mark the version as the current one, so that nginx caches its URLs for a year; print the static URL.',
    options: VERSION_OPTIONS,
    operands: {
      syntax: '<folder>',
      help: 'The folder of version markers: that of "static-url nginx static --current".',
    },
    json: 'Print {"url", "prefix", "version", "from", "markerFolder", "removed", "warnings"} instead.',
    notes:
      '\nExample: a deploy\n  $ static-url unmark /srv/app/current\n  $ cp -r --remove-destination build/. public/\n  $ static-url mark /srv/app/current --from content --root public\n  /static/9b2d71f00c3e5a48/\n',
    fromConfig: VERSION_FROM_CONFIG,
    async run(options, { command, json, operands: [markerFolder = ''] }) {
      const folder = absolutePath(terminal, markerFolder);
      if (options.root !== undefined) requireOutside('marker folder', folder, [options.root]);
      const made = await readStaticUrl(options, command, terminal.env);
      const removed = markCurrent(folder, made.version);
      const warnings = warn(terminal, warnOfClosedFolder(folder));
      terminal.write(
        json ? `${JSON.stringify({ ...made, markerFolder, removed, warnings })}\n` : `${made.url}\n`,
      );
    },
  });
}

/** `static-url unmark`: what a deploy does before it changes the first file. */
export function unmarkCommand(terminal: Terminal): Command {
  return createCommand<object, never>(terminal, {
    name: 'unmark',
    description: 'Remove the markers of all versions, so that nginx caches none while files change.',
    options: {},
    operands: {
      syntax: '<folder>',
      help: 'The folder of version markers: that of "static-url mark".',
    },
    json: 'Print {"removed": […], "warnings": […]} instead of the versions.',
    notes:
      '\nA folder that is not there, as before the first deploy, is a warning.\n\nExample:\n  $ static-url unmark /srv/app/current\n  9b2d71f00c3e5a48\n',
    fromConfig: false,
    run(_, { json, operands: [markerFolder = ''] }) {
      const folder = absolutePath(terminal, markerFolder);
      const found = unmark(folder);
      const removed = found ?? [];
      const warnings = warn(terminal, warningOfNothing(folder, found));
      terminal.write(
        json
          ? `${JSON.stringify({ removed, warnings })}\n`
          : removed.map((version) => `${version}\n`).join(''),
      );
    },
  });
}

/** With a mistyped folder the old version stays marked while files change: the first deploy alone has nothing to unmark. */
function warningOfNothing(folder: string, removed: readonly string[] | undefined): string | undefined {
  if (removed === undefined) return `There is no folder ${quote(folder)}, so no version was unmarked.`;
  if (removed.length === 0) return `No marker is in the folder ${quote(folder)}, so no version was unmarked.`;
  return undefined;
}

function warn(terminal: Terminal, warning: string | undefined): string[] {
  if (warning === undefined) return [];
  terminal.writeError(`warning: ${warning}\n`);
  return [warning];
}
