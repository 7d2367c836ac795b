import { validateHeaderName, validateHeaderValue } from 'node:http';
import { originParts } from './origin-parts.ts';
import type { RenderOrder } from './rendering.ts';

const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
/** Chrome's, as it is since it names no minor version. With a URL in it apps would take it for a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/**
 * The headers of our request to the app: names and values in turn, as they arrive.
 *
 * @throws TypeError with a code of Node's for what is no header
 */
export function requestHeaders({ origin, headers }: Pick<RenderOrder, 'origin' | 'headers'>): string[] {
  const { host, scheme } = originParts(origin);
  const lines = ['Host', host, 'X-Forwarded-Proto', scheme, 'User-Agent', USER_AGENT, 'Accept', ACCEPT];
  // Where Node's client says it.
  lines.push('Connection', 'close');
  const given = Object.entries(headers);
  return given.length === 0 ? lines : withHeaders(lines, given);
}

/** Sets headers in the places of those of the same names, or before the last one. */
function withHeaders(lines: readonly string[], given: readonly (readonly [string, string])[]): string[] {
  const named = new Map<string, readonly [name: string, value: string]>();
  for (let index = 0; index < lines.length - 2; index += 2)
    named.set(lines[index]!.toLowerCase(), [lines[index]!, lines[index + 1]!]);
  for (const [name, value] of given) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    named.set(name.toLowerCase(), [name, value.replaceAll(/^[\t ]+|[\t ]+$/g, '')]);
  }
  if (!named.has('connection')) named.set('connection', ['Connection', 'close']);
  return [...named.values()].filter(([, value]) => value !== '').flat();
}
