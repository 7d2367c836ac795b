import mimeTypes from 'mime-types';
import { quote } from '../../core/text.ts';
import { headersFor } from '../hosting/headers.ts';
import type { SiteFinding } from '../site.ts';
import { isHtml, sitePathOf, type CheckedPage, type SiteUnderCheck } from './site-under-check.ts';

/** Types that are one to browsers, by the name that they are compared by (RFC 9239 §6, RFC 7303 §9.1). */
const SAME: ReadonlyMap<string, string> = new Map([
  ['application/javascript', 'text/javascript'],
  ['application/x-javascript', 'text/javascript'],
  ['text/xml', 'application/xml'],
  ['image/vnd.microsoft.icon', 'image/x-icon'],
]);

/** Finds pages that a host will send with another media type than the app does, since it goes by the extension. */
export function checkTypes(site: SiteUnderCheck): SiteFinding[] {
  return [...site.pages()].flatMap((page) => typeFinding(page, site) ?? []);
}

function typeFinding(page: CheckedPage, site: SiteUnderCheck): SiteFinding | undefined {
  const { file, record } = page;
  const path = sitePathOf(record, site.base);
  const declared = headersFor(path, site.declaredHeaders).get('content-type');
  const byExtension = mimeTypes.lookup(file) || undefined;
  const isUnknown = declared === undefined && byExtension === undefined;
  const sent = essenceOf(record.contentType);
  const served = essenceOf(declared ?? byExtension ?? 'application/octet-stream');
  if (sent === served) return undefined;
  const isError = isUnknown || isHtml(sent) !== isHtml(served);
  const host = isUnknown
    ? `hosts know no type for the extension of ${quote(file)}, so that browsers download it`
    : `the host will send ${quote(served)}`;
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
