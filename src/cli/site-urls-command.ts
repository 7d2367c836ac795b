import type { Command } from 'commander';
import { BOOLEAN } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import type { SiteUrl } from '../site/index.ts';
import { createCommand } from './command.ts';
import { withHostedApp } from './hosted-app.ts';
import { openSite } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

interface UrlsOptions {
  readonly files?: boolean;
}

const URLS_OPTIONS: Table<UrlsOptions> = {
  files: {
    ...BOOLEAN,
    flag: '--files',
    default: false,
    help: 'Prints the file of each URL behind it, and a tab between.',
  },
};

/** `static-url site urls`: lists the URLs that the routes give. */
export function siteUrlsCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'urls',
    description: 'List the URLs of the site of the configuration, without rendering them.',
    options: URLS_OPTIONS,
    json: 'Print a line of JSON for each: {"url", "file", "route", "params", "language", "lastModified"}.',
    notes:
      '\nExample: a list for a cache to be warmed with\n  $ static-url site urls | xargs -n 1 curl -s -o /dev/null\n',
    fromConfig: {},
    async run({ files = false }, call) {
      await withHostedApp(terminal, async (listening) => {
        const site = await openSite(terminal, call, {}, listening);
        for await (const url of site.urls()) terminal.write(lineOf(url, call.json, files));
        await site.close();
      });
    },
  });
}

function lineOf(url: SiteUrl, json: boolean, files: boolean): string {
  if (json) return `${JSON.stringify(url)}\n`;
  return `${url.url}${files ? `\t${url.file}` : ''}\n`;
}
