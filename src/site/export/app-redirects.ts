import { quote } from '../../core/text.ts';
import { pathOfUrl } from '../files/redirect-pages.ts';
import type { SiteRedirect } from '../hosting/redirects.ts';
import type { RenderedRedirect } from '../rendering/page-task.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { PageOrder } from '../routes/page-order.ts';
import { urlOf } from '../routes/site-place.ts';

/**
 * What a redirect of the app is to the site: one of its own, or why it cannot be; `undefined` where a link that was followed
 * leads to it, which is told where links are checked.
 */
export function redirectOf(
  order: PageOrder,
  { status, location }: RenderedRedirect,
  { place, appRedirects }: ResolvedSite,
): SiteRedirect | { readonly reason: string } | undefined {
  const asked = urlOf(place, order.target);
  const to = URL.canParse(location, asked) ? new URL(location, asked).href : location;
  const answer = `answers ${status} to ${quote(to)}`;
  if (!appRedirects) {
    if (order.isFollowed) return undefined;
    return { reason: `${answer}. Set "appRedirects" for redirects in the site, or leave the path out` };
  }
  const path = URL.canParse(to) ? pathOfUrl(to, place) : undefined;
  if (path === undefined)
    return {
      reason: `${answer}, which is not in the site. If that is right, name it in "redirects": { from: ${quote(order.path)}, to: ${quote(to)} }, and leave the path out of "routes"`,
    };
  return {
    from: order.path,
    to: path + new URL(to).hash,
    status: status === 301 || status === 308 || status === 307 ? status : 302,
  };
}

/** The target with a slash at its end, or without, where the app leads there: which of them is the page is the site's to say. */
export function otherForm(
  target: string,
  { location }: RenderedRedirect,
  { place }: ResolvedSite,
): string | undefined {
  const asked = urlOf(place, target);
  if (!URL.canParse(location, asked)) return undefined;
  const { href } = new URL(location, asked);
  if (href === asked || href.replace(/\/$/, '') !== asked.replace(/\/$/, '')) return undefined;
  return target.endsWith('/') ? target.slice(0, -1) : `${target}/`;
}
