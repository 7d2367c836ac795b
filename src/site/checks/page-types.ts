import mimeTypes from 'mime-types';
import { quote } from '../../core/text.ts';
import { headersFor } from '../hosting/headers.ts';
import type { SiteFinding } from '../site.ts';
import { isHtml, LISTED, sitePathOf, type CheckedPage, type SiteUnderCheck } from './site-under-check.ts';

/** Types that are one to browsers, by the name that they are compared by (RFC 9239 §6, RFC 7303 §9.1). */
const SAME: ReadonlyMap<string, string> = new Map([
  ['application/javascript', 'text/javascript'],
  ['application/x-javascript', 'text/javascript'],
  ['text/xml', 'application/xml'],
  ['image/vnd.microsoft.icon', 'image/x-icon'],
]);

/** Finds pages that a host will send with another media type than the app does, since it goes by the extension. */
export function checkTypes(site: SiteUnderCheck): SiteFinding[] {
  const findings: SiteFinding[] = [];
  let more = 0;
  for (const page of site.pages()) {
    const finding = typeFinding(page, site);
    if (finding === undefined) continue;
    // Errors are all told: each stops the export.
    if (finding.severity === 'warning' && findings.length >= LISTED) more += 1;
    else findings.push(finding);
  }
  const last = findings.at(-1);
  if (last && more > 0) findings.push({ ...last, message: `${last.message} So it is with ${more} more.` });
  return more > 0 ? findings.toSpliced(-2, 1) : findings;
}

function typeFinding(page: CheckedPage, site: SiteUnderCheck): SiteFinding | undefined {
  const { file, record } = page;
  const path = sitePathOf(record, site.base);
  const declared = headersFor(path, site.declaredHeaders).get('content-type');
  const byExtension = mimeTypes.lookup(file);
  const sent = essenceOf(record.contentType);
  const served = essenceOf(declared ?? (byExtension === false ? '' : byExtension));
  if (sent === served) return undefined;
  const isError = served === '' || isHtml(sent) !== isHtml(served);
  const host =
    served === ''
      ? `a host knows no type for the extension of ${quote(file)}, so that browsers download it`
      : `a host will send ${quote(served)}`;
  const app = sent === '' ? 'The app sends no media type' : `The app sends ${quote(sent)}`;
  return {
    kind: 'TYPE_DIFFERS',
    severity: isError ? 'error' : 'warning',
    file,
    message: `${app}, but ${host}. ${adviceFor(record.contentType, path, isError)}`,
  };
}

function adviceFor(contentType: string, path: string, isError: boolean): string {
  if (contentType === '') return 'Set the header "Content-Type" in the app.';
  const entry = `{ path: ${quote(path)}, headers: { "Content-Type": ${quote(contentType)} } }`;
  const extension = mimeTypes.extension(contentType);
  const rename =
    isError && extension !== false ? ` Or give the route a "file" that ends in ".${extension}".` : '';
  return `Add ${entry} to "headers".${rename}`;
}

function essenceOf(contentType: string): string {
  const [type = ''] = contentType.split(';', 1);
  const essence = type.trim().toLowerCase();
  return SAME.get(essence) ?? essence;
}
