import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { createPages, fileStore, type Pages, type StoredPage } from '../../../src/pages.ts';
import type { AppFunction } from '../../../src/render/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { freePort } from '../../helpers/free-port.ts';
import { request } from '../../helpers/request.ts';

/** What an answer says, whatever brought it. */
interface Told {
  readonly status: number;
  readonly text: string;
  /** `Cache-Status` */
  readonly said: string | undefined;
}

/** How an app of a framework is served. */
export interface Served {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Told>;
  readonly close: () => Promise<unknown>;
}

/** An app in some framework, which answers each of its paths with what {@link AppAnswers} says. */
export interface Framework {
  readonly name: string;
  readonly serve: (pages: Pages, port: number) => Promise<Served>;
}

/** What an app answers: `/tagged` and `/explicit` for all, `/personal` for one, and `none` of anything else. */
export class AppAnswers {
  readonly #pages: Pages;
  #count = 0;
  readonly #tagged = new EventEmitter();

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /**
   * An answer, some turns of the event loop later.
   *
   * @param tag - how `/explicit` is tagged
   */
  async of(
    path: string,
    tag: (tag: string) => void = (each) => this.#pages.tag(each),
  ): Promise<{ status: number; headers: Record<string, string>; text: string }> {
    const headers = { 'Content-Type': 'text/html; charset=utf-8' };
    if (!['/tagged', '/explicit', '/personal'].includes(path)) return { status: 404, headers, text: 'none' };
    const number = (this.#count += 1);
    await turn();
    // Visitors tag while it is rendered.
    if (path === '/explicit') for (let left = 3; left > 0; left -= 1) await once(this.#tagged, 'tagged');
    this.#pages.tag(`path:${path}`);
    if (path === '/explicit') tag('explicit');
    this.#tagged.emit('tagged');
    return {
      status: 200,
      headers: path === '/personal' ? { ...headers, 'Set-Cookie': 'session=1' } : headers,
      text: `<p>${path} ${number}`,
    };
  }
}

/** Serves an app of `node:http` on a loopback port. */
export async function serveByHttp(listener: AppFunction, port: number): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return servedAt(port, async () => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(resolve));
  });
}

export function servedAt(port: number, close: Served['close']): Served {
  return {
    close,
    async get(path, headers = {}) {
      const answer = await request(`http://127.0.0.1:${port}`, path, { headers });
      return {
        status: answer.status,
        text: answer.body.toString(),
        said: answer.headers['cache-status']?.toString(),
      };
    },
  };
}

/** Asks what every framework must do alike. */
export async function provePages(t: ExecutionContext, { serve }: Framework): Promise<void> {
  const port = await freePort();
  const store = fileStore({ folder: join(await temporaryFolder(t), 'store') });
  const pages = createPages({
    sites: [`http://127.0.0.1:${port}`],
    urls: ['/tagged', '/personal', '/missing', '/explicit'],
    store,
    sweepSeconds: 0,
    // A slow machine is no reason for another answer.
    waitSeconds: 600,
    deadlineSeconds: 600,
  });
  const { get, close } = await serve(pages, port);
  t.teardown(async () => {
    await close();
    await pages.close();
  });
  const tagsOf = async (): Promise<Record<string, readonly string[]>> => {
    const found: StoredPage[] = [];
    for await (const page of pages.list()) found.push(page);
    return Object.fromEntries(found.map(({ target, tags }) => [target, tags]));
  };

  t.deepEqual(await get('/tagged'), told('<p>/tagged 1', 'fwd=uri-miss; stored'), 'a miss is stored');
  t.deepEqual(await get('/tagged'), told('<p>/tagged 1', 'hit'), 'and is a hit after that');
  t.deepEqual(
    await get('/tagged', { Cookie: 'session=1' }),
    told('<p>/tagged 2', 'fwd=bypass; detail=COOKIE'),
    'who bypasses gets the app',
  );
  t.deepEqual(
    await get('/personal'),
    told('<p>/personal 4', 'fwd=uri-miss; detail=SET_COOKIE'),
    'what is refused goes to the app, after its render',
  );
  t.deepEqual(await get('/missing'), {
    status: 404,
    text: 'none',
    said: 'static-url; fwd=uri-miss; detail=GONE',
  });
  t.deepEqual(await get('/elsewhere'), {
    status: 404,
    text: 'none',
    said: 'static-url; fwd=bypass; detail=URL',
  });
  t.deepEqual(await tagsOf(), { '/tagged': ['path:/tagged'] });

  // Visitors' own tags, while a page is rendered, spoil it not.
  const ended: Told[] = [];
  const explicit = get('/explicit').then((answer) => ended.push(answer));
  while (ended.length === 0) {
    t.is((await get('/tagged', { Cookie: 'session=1' })).said, 'static-url; fwd=bypass; detail=COOKIE');
  }
  await explicit;
  t.is(ended[0]?.said, 'static-url; fwd=uri-miss; stored');
  t.deepEqual((await tagsOf())['/explicit'], ['path:/explicit', 'explicit']);

  const { results } = await pages.invalidate({ tags: ['path:/tagged'] });
  t.deepEqual(
    results.map(({ url, result }) => [new URL(url).pathname, result]),
    [['/tagged', 'deleted']],
  );
  t.is((await get('/tagged')).said, 'static-url; fwd=uri-miss; stored');
}

function told(text: string, said: string): Told {
  return { status: 200, text, said: `static-url; ${said}` };
}
