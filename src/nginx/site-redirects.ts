import { REVALIDATE } from '../http/headers.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { originPath, redirectTarget, type SiteRedirect } from '../site/hosting/index.ts';
import { CACHE_CONTROL_VARIABLE } from './file-locations.ts';
import { quoted, refuseInexpressible } from './nginx-text.ts';
import type { ExactLocation } from './site-locations.ts';

/** In bytes; nginx 1.22 takes a longer one without a word, and never finds it. */
const LONGEST_LOCATION = 255;

/** Locations that redirect. */
export function redirectLocations(redirects: readonly SiteRedirect[], origin: string): ExactLocation[] {
  return redirects.map(({ from, to, status = 301 }) => {
    const path = decodeURIComponent(originPath(origin).slice(0, -1) + from);
    if (Buffer.byteLength(path) > LONGEST_LOCATION)
      throw new StaticUrlError(
        'NGINX_INEXPRESSIBLE',
        `Nginx cannot take the redirect from ${quote(from)}: it finds no location that is longer than ${LONGEST_LOCATION} bytes. Shorten it.`,
      );
    return [
      path,
      [`set ${CACHE_CONTROL_VARIABLE} ${REVALIDATE};`, `return ${status} ${targetText(to, origin)};`],
    ];
  });
}

/** Where a redirect leads: with the query of the request, unless it has its own. */
function targetText(to: string, origin: string): string {
  const target = redirectTarget(to, originPath(origin));
  refuseInexpressible('target', target);
  const [, before = '', fragment = ''] = /^([^#]*)(.*)$/.exec(target) ?? [];
  return quoted(before.includes('?') ? target : `${before}$is_args$args${fragment}`);
}
