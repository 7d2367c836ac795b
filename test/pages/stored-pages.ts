import type { NewPage, PageKey, PageStore, StoreSetting } from '../../src/pages/store.ts';

export const SITE = 'https://www.example.com';

/** How a store is opened in tests. */
export const SETTING: StoreSetting = {
  sites: [SITE, 'http://localhost:3000'],
  deadlineMilliseconds: 10_000,
  environment: 'test',
  onWarning: (error) => {
    throw error;
  },
};

/** A page's key on the first site. */
export function keyOf(target: string, site: string = SITE): PageKey {
  return { site, target };
}

/** A page of HTML. */
export function html(text: string, tags: readonly string[] = []): NewPage {
  return { body: Buffer.from(`<h1>${text}</h1>\n`), mediaType: 'text/html', tags };
}

/** Begins a page and lands it. @returns whether it landed */
export async function store(pages: PageStore, target: string | PageKey, page: NewPage): Promise<boolean> {
  const key = typeof target === 'string' ? keyOf(target) : target;
  const pending = await pages.begin(key, { fence: false });
  return pending !== undefined && pending.land(page);
}

/** What is read, as text. */
export async function textOf(pages: PageStore, target: string | PageKey): Promise<string | undefined> {
  const page = await pages.read(typeof target === 'string' ? keyOf(target) : target);
  return page?.body.toString();
}

/** The targets of all pages, sorted. */
export async function targetsIn(pages: PageStore): Promise<string[]> {
  const targets: string[] = [];
  for await (const { target } of pages.list()) targets.push(target);
  return targets.toSorted();
}
