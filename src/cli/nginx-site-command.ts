import type { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { siteServer } from '../nginx/index.ts';
import { SITE_SERVER_OPTIONS, type SiteServerOptions } from '../nginx/options.ts';
import { createCommand } from './command.ts';
import { madeBy } from './made-by.ts';
import { sitePrefix } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

type Configured = NonNullable<ResolvedConfig['values']['site']>;

function ofSite<Name extends keyof Configured>(name: Name) {
  return ({ values: { site } }: ResolvedConfig): Configured[Name] | undefined => site?.[name];
}

const { root, origin } = SITE_SERVER_OPTIONS;
const { required: _root, ...rootFlag } = root;
const { required: _origin, ...originFlag } = origin;

/** `static-url nginx site`: prints the server block of an exported site. */
export function nginxSiteCommand(terminal: Terminal): Command {
  return createCommand<Partial<SiteServerOptions>, 'root' | 'origin' | 'prefix'>(terminal, {
    name: 'site',
    description: 'Print a server block for an exported site: clean URLs, the 404 page, redirects, headers.',
    // The configuration may say both.
    options: { ...SITE_SERVER_OPTIONS, root: rootFlag, origin: originFlag },
    notes:
      '\nRedirects, headers and the prefix of assets are those of "site" in the configuration.\nExample:\n  $ static-url nginx site --root /srv/www/site --origin https://www.example.com > /etc/nginx/conf.d/site.conf\n',
    fromConfig: {
      root: ofSite('out'),
      origin: ofSite('origin'),
      prefix: ({ values }) => sitePrefix(values),
      trailingSlash: ofSite('trailingSlash'),
      redirects: ofSite('redirects'),
      headers: ofSite('headers'),
      gzipStatic: ofSite('compress'),
      // That of the configuration is for assets without a version, and not for pages.
      unversionedCacheControl: () => undefined,
    },
    run({ root: folder, origin: url, ...options }, call) {
      if (folder === undefined || url === undefined)
        throw new TypeError(
          `"static-url nginx site" needs the folder of the site and its origin. Give --root and --origin, or set "out" and "origin" of "site" in static-url.config.js.`,
        );
      const given = { ...options, root: folder, origin: url };
      const config: unknown = call.command.getOptionValue('config');
      const from = typeof config === 'string' ? `, with "site" of ${config}` : '';
      terminal.write(madeBy(call, given, from) + siteServer(given));
    },
  });
}
