import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { SiteHeaders } from '../site/hosting/index.ts';
import { block, literalPattern, parameter, quoted, refuseInexpressible } from './nginx-text.ts';
import { CACHE_CONTROL_VARIABLE } from './file-locations.ts';

/** What nginx or these lines decide, so that nothing else may be added to it. */
const DECIDED: readonly string[] = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-range',
  'date',
  'etag',
  'last-modified',
  'location',
  'server',
  'allow',
  'connection',
  'transfer-encoding',
  'x-content-type-options',
];

/**
 * The lines of a server for headers by path. Each is a variable that is decided before anything is looked for: an
 * `add_header` in a location would take away those of the server. `Cache-Control` is one of the server already.
 */
export function headerVariables(rules: readonly SiteHeaders[], base: string): string[] {
  const names = new Set(
    rules.flatMap(({ headers }) => Object.keys(headers).map((name) => name.toLowerCase())),
  );
  names.delete('content-type');
  // The server sends it by itself, and apps send it by helmet.
  if (rules.every(({ headers }) => isNosniffAlone(headers))) names.delete('x-content-type-options');
  const lines: string[] = [];
  for (const [index, name] of [...names].entries()) {
    const isCache = name === 'cache-control';
    if (DECIDED.includes(name))
      throw new StaticUrlError(
        'NGINX_INEXPRESSIBLE',
        `Nginx decides the header ${quote(name)} itself. Leave it out.`,
      );
    const variable = isCache ? CACHE_CONTROL_VARIABLE : `$static_url_header_${index}`;
    if (!isCache) lines.push(`set ${variable} "";`);
    for (const { path, headers } of rules)
      for (const [each, value] of Object.entries(headers)) {
        if (each.toLowerCase() !== name) continue;
        refuseInexpressible(`header ${quote(each)}`, value);
        lines.push(...setFor(path, base, `set ${variable} ${quoted(value)};`));
      }
    if (!isCache) lines.push(`add_header ${parameter('header name', name)} ${variable} always;`);
  }
  return lines;
}

function isNosniffAlone(headers: SiteHeaders['headers']): boolean {
  return Object.entries(headers).every(
    ([name, value]) => name.toLowerCase() !== 'x-content-type-options' || value.toLowerCase() === 'nosniff',
  );
}

function setFor(path: string, base: string, line: string): string[] {
  const full = base.slice(0, -1) + decodeURIComponent(path);
  refuseInexpressible('path', full);
  if (!full.endsWith('*')) return [block(`if ($uri = ${quoted(full)})`, [line])];
  const start = full.slice(0, -1);
  return start === '/' ? [line] : [block(`if ($uri ~ ${quoted(`^${literalPattern(start)}`)})`, [line])];
}

/** The paths whose media type is declared, with it: the extension does not count there. */
export function typedPaths(rules: readonly SiteHeaders[]): [path: string, type: string][] {
  const types = new Map<string, string>();
  for (const { path, headers } of rules)
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== 'content-type') continue;
      if (path.endsWith('*'))
        throw new StaticUrlError(
          'NGINX_INEXPRESSIBLE',
          `Nginx cannot take a "Content-Type" for ${quote(path)}. Give it for each path, or for extensions by the option "mediaTypes".`,
        );
      types.set(decodeURIComponent(path), value);
    }
  return [...types];
}
