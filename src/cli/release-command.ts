import type { Command } from 'commander';
import { writeRelease } from '../releases/index.ts';
import { RELEASE_OPTIONS } from '../releases/options.ts';
import { createCommand } from './command.ts';
import { linksOfSources } from './config-values.ts';
import { createProgressBar } from './progress-bar.ts';
import { releaseText } from './release-text.ts';
import type { Terminal } from './terminal.ts';

/** `static-url release`: adds a release to a releases folder. */
export function releaseCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'release',
    description: 'Add a release to a releases folder, where nginx finds it beside those before it.',
    options: RELEASE_OPTIONS,
    json: 'Print what was done as data instead.',
    notes:
      '\nExample: a release, and its manifest beside the app\n  $ static-url release --root public --releases /srv/releases --compress --manifest assets.json\n',
    fromConfig: { symlinks: linksOfSources },
    async run(options, { command, json }) {
      const bar = await createProgressBar(json ? undefined : terminal.progress);
      try {
        const report = await writeRelease({
          ...options,
          onProgress(progress) {
            if (progress.stage === 'waiting for a prune')
              terminal.writeError('Waiting for a prune to end that removes what this release names.\n');
            else bar.show(progress);
          },
        });
        bar.end();
        terminal.write(
          json ? `${JSON.stringify(report)}\n` : releaseText(report, command.getOptionValue('releases')),
        );
      } finally {
        bar.end();
      }
    },
  });
}
