import { checkSite, PageScanner, TargetTable, type SiteUnderCheck } from '../../../src/site/checks/index.ts';
import type { PageRecord } from '../../../src/site/landing/index.ts';
import type { SiteFinding } from '../../../src/site/site.ts';

/** What a test says of a page beside its text. */
interface PageSettings extends Partial<PageRecord> {
  readonly text: string;
}

/** Files of a site: text is a page, `null` a file that is none. */
export type SiteFiles = Readonly<Record<string, string | PageSettings | null>>;

/** A site whose pages are scanned as an export does. */
export function siteOf(files: SiteFiles, settings: Partial<SiteUnderCheck> = {}): SiteUnderCheck {
  const base = settings.base ?? { origin: 'https://www.example.com', path: '/', slash: 'never' };
  const targets = new TargetTable();
  const texts = new Map<string, string>();
  const records = new Map<string, PageRecord>();
  for (const [file, page] of Object.entries(files)) {
    if (page === null) continue;
    const { text, ...others } = typeof page === 'string' ? { text: page } : page;
    const path = file.replace(base.slash === 'always' ? /index\.html$/ : /\/?index\.html$/, '');
    const url = others.url ?? `${base.origin}${base.path}${path}`;
    const scanner = new PageScanner(url, base, targets);
    scanner.write(text);
    const { links } = scanner.end();
    texts.set(file, text);
    records.set(file, {
      url,
      route: '/',
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: {},
      inSitemap: true,
      ...others,
      links,
    });
  }
  return {
    base,
    targets,
    has: (file) => Object.hasOwn(files, file),
    files: () => Object.keys(files),
    *pages() {
      for (const [file, record] of records) yield { file, record };
    },
    redirects: new Map(),
    readText: async (file) => texts.get(file) ?? '',
    // What nothing links to is looked at only where a test means it.
    entryFiles: Object.keys(files),
    declaredHeaders: [],
    ...settings,
  };
}

/** What is found, without the messages. */
export async function found(files: SiteFiles, settings?: Partial<SiteUnderCheck>): Promise<string[]> {
  return (await checkSite(siteOf(files, settings))).map(placeOf);
}

/** `error LINK_BROKEN index.html:3` */
export function placeOf({ severity, kind, file = '', line }: SiteFinding): string {
  return [severity, kind, line === undefined ? file : `${file}:${line}`]
    .filter((each) => each !== '')
    .join(' ');
}

/** The messages of what is found. */
export async function messages(files: SiteFiles, settings?: Partial<SiteUnderCheck>): Promise<string[]> {
  return (await checkSite(siteOf(files, settings))).map(({ message }) => message);
}
