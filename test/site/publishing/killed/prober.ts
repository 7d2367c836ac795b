import { request } from '../../../helpers/request.ts';

/** What looks at a site over and over, as visitors do, until it is stopped. */
export interface Prober {
  /** Resolves once it has looked at everything that often since it was called. */
  looks(count: number): Promise<void>;
  /** Ends it, and tells what was amiss. */
  stop(): Promise<readonly string[]>;
}

/**
 * Loads pages by HTTP, and all that they name: stylesheets, and from the home page the pages that it links to.
 *
 * @param site - the URL of the site, without a slash at its end
 */
export function probe(site: string): Prober {
  const faults = new Set<string>();
  const end = new AbortController();
  let looks = 0;
  let waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  async function load(path: string): Promise<string | undefined> {
    // Each on a connection of its own: one that was idle for long may be closed as the request is sent.
    const { origin, pathname } = new URL(site + path);
    const { status, body } = await request(origin, pathname, { headers: { connection: 'close' } });
    return status === 200 ? body.toString() : undefined;
  }

  /** A page that was late is no fault: only one that is still there and still names what is not. */
  async function lookAt(path: string): Promise<readonly string[]> {
    const page = await load(path);
    if (page === undefined) return [];
    const named = [...page.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
    for (const href of named) {
      const isNeeded = href.endsWith('.css') || path === '/';
      if (isNeeded && (await load(href)) === undefined && (await load(path)) === page)
        faults.add(`${path} names ${href}, which is not there`);
    }
    return named.filter((href) => !href.endsWith('.css'));
  }

  const running = (async () => {
    while (!end.signal.aborted) {
      if ((await load('/')) === undefined) faults.add('the home page is not there');
      // Also what no page links to any more: a visitor may be there.
      for (const path of ['/', '/one/', '/two/', '/only-1/', '/only-2/']) await lookAt(path);
      looks += 1;
      for (const { until, resolve } of waiting) if (until <= looks) resolve();
      waiting = waiting.filter(({ until }) => until > looks);
    }
  })();

  return {
    async looks(count) {
      const looked = new Promise<void>((resolve) => {
        waiting.push({ until: looks + count, resolve });
      });
      // What ends the prober is the test's to know.
      await Promise.race([looked, running]);
    },
    async stop() {
      end.abort();
      await running;
      return [...faults];
    },
  };
}
