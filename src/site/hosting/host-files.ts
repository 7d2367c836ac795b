import { quote } from '../../core/text.ts';
import { hostHeaders, type HeaderSources } from './host-headers.ts';
import { error, type HostProblem } from './host-text.ts';
import { hostRedirects } from './host-redirects.ts';
import type { SiteRedirect } from './redirects.ts';

/** What the files of hosts are made of. */
export interface HostFileSources extends HeaderSources {
  readonly redirects: readonly SiteRedirect[];
  /** Where the site will be. */
  readonly origin: string;
}

/** The files of hosts. */
export interface HostFiles {
  /** By name, `_headers` and `_redirects`: those that say something. */
  readonly files: ReadonlyMap<string, string>;
  /** What hosts would get wrong. */
  readonly problems: readonly HostProblem[];
}

/** Writes `_headers` and `_redirects`, which Netlify and Cloudflare Pages read. */
export function hostFiles(sources: HostFileSources): HostFiles {
  const { pathname } = new URL(sources.origin);
  const parts = [
    ['_headers', hostHeaders(sources)],
    ['_redirects', hostRedirects(sources.redirects, sources.files)],
  ] as const;
  return {
    files: new Map(parts.filter(([, { text }]) => text !== '').map(([name, { text }]) => [name, text])),
    problems: [
      ...(pathname === '/'
        ? []
        : [
            error(
              `"_headers" and "_redirects" are for a site at the top of its host, and the origin has the path ${quote(pathname)}. Leave "hostFiles" off.`,
            ),
          ]),
      ...parts.flatMap(([, { problems }]) => problems),
    ],
  };
}
