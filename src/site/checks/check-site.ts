import type { SiteFinding } from '../site.ts';
import { LinkAnswers } from './link-answers.ts';
import { checkLinks, checkRedirects } from './link-findings.ts';
import { checkHeaders } from './lost-headers.ts';
import { checkTypes } from './page-types.ts';
import { checkCase, checkRoutes, checkUnlinked } from './site-names.ts';
import type { SiteUnderCheck } from './site-under-check.ts';

/**
 * Checks the links, ids, media types, headers and names of a site. A fault that many pages have is listed for the first
 * hundred of them.
 */
export async function checkSite(site: SiteUnderCheck): Promise<SiteFinding[]> {
  const answers = new LinkAnswers(site);
  const { findings, linked } = await checkLinks(site, answers);
  return [
    ...findings,
    ...checkRedirects(site, answers),
    ...checkTypes(site),
    ...checkCase(site),
    ...checkHeaders(site),
    ...checkUnlinked(site, linked),
    ...checkRoutes(site),
  ];
}
