import type { Command } from 'commander';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PublishOptions } from '../pages/index.ts';
import { PUBLISH_OPTIONS } from '../pages/options.ts';
import { createPagesCommand } from './pages-of-config.ts';
import { reportRun } from './pages-report.ts';
import type { Terminal } from './terminal.ts';

/** `static-url pages publish`: renders pages and stores them. */
export function pagesPublishCommand(terminal: Terminal): Command {
  return storingCommand(
    terminal,
    'publish',
    'Render pages and store them, before a visitor comes.',
    '\nExample: a whole site\n  $ static-url pages publish --sitemap /sitemap.xml\n',
  );
}

/** `static-url pages refresh`: the same, for pages that have changed. */
export function pagesRefreshCommand(terminal: Terminal): Command {
  return storingCommand(
    terminal,
    'refresh',
    'Render pages anew and store them: the same as publish.',
    '\nExample:\n  $ static-url pages refresh / /posts/hello\n',
  );
}

function storingCommand(terminal: Terminal, name: string, description: string, example: string): Command {
  return createPagesCommand(terminal, {
    name,
    description,
    options: PUBLISH_OPTIONS,
    operands: { syntax: '[url...]', help: 'Paths of the first site, or URLs of any of the sites.' },
    json: 'Print {"results": [{"url", "result", "code", "detail"}]} instead.',
    notes: `\nA page that the app says is gone or personal is deleted. Exits with 1 when a page could not be stored for another reason.\n${example}`,
    async run(pages, options, { json, operands }) {
      if (operands.length === 0 && options.sitemap === undefined)
        throw new TypeError('No page is named. Give URLs, or --sitemap.');
      await reportRun(terminal, 'publishing', json, (onProgress) =>
        pages.publish(operands, { ...withSitemap(options, terminal), onProgress }),
      );
    },
  });
}

/** A relative path is as seen from the working folder of the command. */
function withSitemap({ sitemap, ...options }: PublishOptions, { cwd }: Terminal): PublishOptions {
  if (sitemap === undefined) return options;
  const isAnywhere = /^(?:https?:|file:|\/)/.test(String(sitemap));
  return { ...options, sitemap: isAnywhere ? sitemap : pathToFileURL(resolve(cwd, String(sitemap))) };
}
