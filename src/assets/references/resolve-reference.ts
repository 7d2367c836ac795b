import { isGlob, isModuleImport, type Reference } from './reference.ts';

/** What a reference means under a root. */
export type ResolvedReference =
  /** An asset by its name, if it exists; `search` is what the request has behind its path. */
  | { readonly kind: 'asset'; readonly name: string; readonly search: string }
  /** All assets whose names match. */
  | { readonly kind: 'glob'; readonly pattern: RegExp }
  /** Not in the tree: another origin, `data:`, a fragment of the file itself. */
  | { readonly kind: 'elsewhere' }
  /** A bare module name that stands for nothing. */
  | { readonly kind: 'unmapped' }
  /** A URL that names its path from the site's root or its origin too, which a version does not cover. */
  | { readonly kind: 'absolute'; readonly href: string }
  /** Climbs above the root. */
  | { readonly kind: 'above-root' }
  /** Names something that no server sends: a folder, a wrong encoding. */
  | { readonly kind: 'unservable' };

const ELSEWHERE = { kind: 'elsewhere' } as const;
const UNMAPPED = { kind: 'unmapped' } as const;
const ORIGIN = 'http://localhost';
/** A path that a reference cannot come back to once it has climbed out of it. */
const BASE = '/static-url:root/';

/**
 * Resolves a reference as a browser does (URL Standard; import specifiers: HTML Living Standard §8.1.5.2), against the
 * place of the file that has it.
 *
 * @param from - the asset that has the reference
 * @param imports - bare module names and the assets that they stand for
 */
export function resolveReference(
  from: string,
  reference: Reference,
  imports: ReadonlyMap<string, string> = new Map(),
): ResolvedReference {
  const { specifier } = reference;
  if (isModuleImport(reference) && !/^\.{0,2}\//.test(specifier) && !URL.canParse(specifier))
    return resolveName(reference, imports);
  // The parser strips these, and nothing else.
  const text = trimmed(specifier).replaceAll(/[\t\n\r]/g, '');
  if (text === '' || text.startsWith('#')) return ELSEWHERE;
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(text)) return resolveAbsolute(text);
  if (/^[/\\]/.test(text)) return { kind: 'absolute', href: new URL(text, ORIGIN).pathname };
  if (isGlob(reference)) return resolveGlob(from, text);
  const base = `${ORIGIN}${BASE}${encodeAssetName(from)}`;
  const { pathname, search } = new URL(text, base);
  if (!pathname.startsWith(BASE)) return { kind: 'above-root' };
  const name = decodeName(pathname.slice(BASE.length));
  return name === undefined ? { kind: 'unservable' } : { kind: 'asset', name, search };
}

/**
 * What a bare module name stands for (HTML Living Standard §8.1.5.3, import maps): the asset of just that name, else one
 * in the folder of the longest name that it begins with. No name leads out of its folder.
 */
function resolveName(reference: Reference, imports: ReadonlyMap<string, string>): ResolvedReference {
  const { specifier, offset } = reference;
  const asset = imports.get(specifier);
  if (asset !== undefined) return { kind: 'asset', name: asset, search: '' };
  let name = '';
  for (const each of imports.keys())
    if (each.endsWith('/') && each.length > name.length && specifier.startsWith(each)) name = each;
  const folder = imports.get(name);
  if (folder === undefined) return UNMAPPED;
  const kind = isGlob(reference) ? 'resource-glob' : 'resource';
  const resolved = resolveReference(folder, { kind, specifier: `./${specifier.slice(name.length)}`, offset });
  return resolved.kind === 'asset' && !resolved.name.startsWith(folder) ? UNMAPPED : resolved;
}

/** The scheme alone may be the page's. */
function resolveAbsolute(text: string): ResolvedReference {
  if (!URL.canParse(text, ORIGIN)) return ELSEWHERE;
  const { protocol, host, pathname } = new URL(text, ORIGIN);
  return /^https?:$/.test(protocol) ? { kind: 'absolute', href: `//${host}${pathname}` } : ELSEWHERE;
}

/** Percent-encodes an asset's name as browsers do in a path, so that both come to the same URL. */
export function encodeAssetName(name: string): string {
  if (/^[\w/.-]*$/.test(name)) return name;
  return encodeURI(name)
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23')
    .replaceAll('%5B', '[')
    .replaceAll('%5D', ']')
    .replaceAll('%7C', '|');
}

function decodeName(encoded: string): string | undefined {
  if (/%(?:2f|5c|00)/i.test(encoded)) return undefined;
  try {
    const name = decodeURIComponent(encoded);
    return name === '' || name.endsWith('/') || name.includes('//') ? undefined : name;
  } catch {
    return undefined;
  }
}

function resolveGlob(from: string, text: string): ResolvedReference {
  // A star stands for any characters of one segment, and for itself while the path is resolved.
  const resolved = resolveReference(from, {
    kind: 'resource',
    specifier: text.replaceAll('*', 'static-url-star'),
    offset: 0,
  });
  if (resolved.kind !== 'asset') return resolved;
  const parts = resolved.name
    .split('static-url-star')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const [first = '', ...others] = parts;
  const last = others.pop();
  // What is between two stars counts where it first stands, for good: of many stars none is tried anew for another.
  const middle = others.map((part, at) => `(?=([^/]*?${part}))\\${at + 1}`).join('');
  const end = last === undefined ? '' : `[^/]*?${last}`;
  return { kind: 'glob', pattern: new RegExp(`^${first}${middle}${end}$`, 's') };
}

/** Without controls and spaces at its ends. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}
