import type { RenderOrder } from './rendering.ts';

const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
/** Chrome's, as it is since it names no minor version. With a URL in it apps would take it for a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** The headers of our request to the app: names and values in turn. */
export function requestHeaders({ origin, headers }: Pick<RenderOrder, 'origin' | 'headers'>): string[] {
  const { host, protocol } = new URL(origin);
  const usual: Record<string, string> = {
    Host: host,
    'X-Forwarded-Proto': protocol.slice(0, -1),
    'User-Agent': USER_AGENT,
    Accept: ACCEPT,
  };
  const named = new Map<string, readonly [name: string, value: string]>();
  for (const header of [...Object.entries(usual), ...Object.entries(headers)]) {
    named.set(header[0].toLowerCase(), header);
  }
  // Where Node's client says it.
  if (!named.has('connection')) named.set('connection', ['Connection', 'close']);
  return [...named.values()].filter(([, value]) => value !== '').flat();
}
