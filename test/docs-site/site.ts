import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Parser } from 'htmlparser2';

const SITE = new URL('../../docs/site/', import.meta.url);

interface SitePage {
  readonly file: string;
  readonly name: string;
}

/** What a page says in its HTML. */
export interface Markup {
  readonly ids: readonly string[];
  readonly titles: readonly string[];
  readonly firstHeadings: number;
  /** Where `href` and `src` lead, as URLs. */
  readonly targets: readonly URL[];
  /** What a Content-Security-Policy without `unsafe-inline` forbids. */
  readonly inline: readonly string[];
}

/** The documentation, served: once for all tests of the file, as the highlighter takes its time to begin. */
export async function openDocumentation(): Promise<{ url: string; close: () => Promise<void> }> {
  const { createApp } = (await import(new URL('app.js', SITE).href)) as {
    createApp: () => Promise<{ app: RequestListener; close: () => Promise<void> }>;
  };
  const { app, close } = await createApp();
  const server = createServer(app);
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await close();
    },
  };
}

export async function sitePages(): Promise<readonly SitePage[]> {
  return ((await import(new URL('pages.js', SITE).href)) as { pages: readonly SitePage[] }).pages;
}

export function readMarkup(html: string, url: string): Markup {
  const markup = {
    ids: [] as string[],
    titles: [] as string[],
    firstHeadings: 0,
    targets: [] as URL[],
    inline: [] as string[],
  };
  let element = '';
  new Parser({
    onopentag(name, attributes) {
      element = name;
      if (name === 'h1') markup.firstHeadings += 1;
      if (attributes['id'] !== undefined) markup.ids.push(attributes['id']);
      for (const target of [attributes['href'], attributes['src']])
        if (target !== undefined) markup.targets.push(new URL(target, url));
      for (const attribute of Object.keys(attributes))
        if (attribute === 'style' || attribute.startsWith('on')) markup.inline.push(`${name} ${attribute}`);
    },
    ontext(text) {
      if (text.trim() === '') return;
      if (element === 'title') markup.titles.push(text);
      if (element === 'script' || element === 'style') markup.inline.push(element);
    },
    onclosetag() {
      element = '';
    },
  }).end(html);
  return markup;
}
