import { EventEmitter, once } from 'node:events';
import { Agent, request as httpRequest, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import {
  createPages,
  fileStore,
  type PageStore,
  type Pages,
  type PagesOptions,
  type RefusedPage,
} from '../../../src/pages.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { freePort } from '../../helpers/free-port.ts';
import { listen } from '../../helpers/listen.ts';
import { request, type Answer } from '../../helpers/request.ts';

/** Any server with stored pages. */
export interface Site {
  readonly pages: Pages;
  readonly store: PageStore;
  readonly url: string;
  readonly port: number;
  /** What was refused so far. */
  readonly refused: RefusedPage[];
  /** The text of an answer, with what `Cache-Status` says of it. */
  readonly get: (
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<SiteAnswer>;
  /** The targets of what is stored. */
  readonly stored: () => Promise<string[]>;
}

export interface SiteAnswer extends Answer {
  readonly text: string;
  /** Without the name of the cache. */
  readonly said: string;
}

/** A slow machine is no reason for another answer. */
const PATIENT = { waitSeconds: 600, deadlineSeconds: 600, sweepSeconds: 0 };

/** Pages for a site that is not served yet. */
export async function openPages(
  t: ExecutionContext,
  sites: readonly string[],
  options: Partial<PagesOptions> = {},
): Promise<{ pages: Pages; store: PageStore; refused: RefusedPage[]; stored: Site['stored'] }> {
  const store = options.store ?? fileStore({ folder: join(await temporaryFolder(t), 'store') });
  const pages = createPages({ sites, urls: [/^\//], ...PATIENT, ...options, store });
  t.teardown(() => pages.close());
  const refused: RefusedPage[] = [];
  pages.on('refused', (page) => refused.push(page));
  return {
    pages,
    store,
    refused,
    async stored() {
      const targets: string[] = [];
      for await (const { target } of pages.list()) targets.push(target);
      return targets.toSorted();
    },
  };
}

/** Starts a server with stored pages, which are mounted by what builds it. */
export async function startSite(
  t: ExecutionContext,
  build: (pages: Pages) => RequestListener,
  options: Partial<PagesOptions> = {},
): Promise<Site> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const opened = await openPages(t, [url], options);
  await listen(t, build(opened.pages), port);
  return { ...opened, url, port, get: async (...asking) => answerOf(url, ...asking) };
}

/** Asks a server for a page, over connections that are kept. */
export async function answerOf(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<SiteAnswer> {
  const answer = await request(url, path, { method, headers });
  const said = String(answer.headers['cache-status']).replace(/^static-url; /, '');
  return { ...answer, text: answer.body.toString(), said };
}

/** Connections of one's own, as many as there are visitors. */
export function visitorsOf(t: ExecutionContext, url: string): (path: string) => Promise<string> {
  const agent = new Agent({ keepAlive: false });
  t.teardown(() => agent.destroy());
  return async (path) => {
    const visit = httpRequest(url + path, { agent });
    visit.end();
    const [response] = await once(visit, 'response');
    return `${response.headers['cache-status']} ${await text(response)}`;
  };
}

/** Sends bytes, and gives all that comes back until the server closes. */
export async function sendRaw(port: number, ...lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

/** A moment that a test chooses. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  const events = new EventEmitter();
  const opened = once(events, 'open').then(() => {});
  return { opened, open: () => void events.emit('open') };
}
