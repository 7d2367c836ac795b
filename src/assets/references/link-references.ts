import type { Prefix } from '../../core/prefix.ts';
import type { AssetReference } from '../asset-index.ts';
import { hasOpenSuffix, type Reference } from './reference.ts';
import { resolveReference } from './resolve-reference.ts';

/** A reference that does not lead where it should. */
export interface ReferenceProblem {
  readonly kind:
    /** Nothing of that name is under the roots. */
    | 'missing'
    /** Climbs above the root. */
    | 'above-root'
    /** Names a folder, or has an encoding that no server accepts. */
    | 'unservable'
    /** Starts at the site's root or with its origin, inside the prefix: it escapes the version. */
    | 'escapes-version'
    /** A template that no asset matches. */
    | 'no-match'
    /** The address of a folder: what a script fetches below it is not known, so it is not covered. */
    | 'folder'
    /** A module's name is computed, so nobody knows under which URL it is loaded. */
    | 'unknown-import'
    /** The query of a template that imports is not known. */
    | 'unknown-query'
    /** A worker by a URL that a browser resolves against the page. */
    | 'worker-address'
    /** A bare module name that stands for nothing, so that no import map has it. */
    | 'unmapped-name';
  /** The asset that has the reference. */
  readonly asset: string;
  readonly reference: Reference;
  /** The name that was looked for, where it is one. */
  readonly target?: string;
}

/**
 * Finds the assets that a file's references lead to.
 *
 * @param imports - bare module names and the assets that they stand for
 */
export function linkReferences(
  asset: string,
  found: readonly Reference[],
  names: ReadonlyMap<string, unknown>,
  prefix: Prefix,
  imports: ReadonlyMap<string, string>,
): { readonly references: readonly AssetReference[]; readonly problems: readonly ReferenceProblem[] } {
  const references = new Map<string, AssetReference>();
  const problems: ReferenceProblem[] = [];
  for (const reference of found) {
    const { kind, specifier } = reference;
    const add = (target: string): void => {
      references.set(`${kind} ${target} ${specifier}`, { kind, specifier, target });
    };
    const problem = (what: ReferenceProblem['kind'], target?: string): void => {
      // A link may lead to a page of the app.
      if (kind !== 'link')
        problems.push({ kind: what, asset, reference, ...(target !== undefined && { target }) });
    };
    if (kind === 'folder' || kind === 'unknown-import') {
      problem(kind);
      continue;
    }
    const resolved = resolveReference(asset, reference, imports);
    if (kind === 'worker-address') {
      if (resolved.kind !== 'absolute' || isUnderPrefix(resolved.href, prefix, names)) problem(kind);
      continue;
    }
    switch (resolved.kind) {
      case 'asset':
        if (names.has(resolved.name)) add(resolved.name);
        else problem('missing', resolved.name);
        break;
      case 'glob': {
        const matching = [...names.keys()].filter((name) => resolved.pattern.test(name));
        for (const name of matching) add(name);
        if (matching.length === 0) problem('no-match');
        else if (hasOpenSuffix(reference)) problem('unknown-query');
        break;
      }
      case 'absolute':
        if (isUnderPrefix(resolved.href, prefix, names)) problem('escapes-version');
        break;
      case 'elsewhere':
        break;
      case 'unmapped':
        problem('unmapped-name');
        break;
      case 'above-root':
      case 'unservable':
        problem(resolved.kind);
    }
  }
  return { references: [...references.values()], problems };
}

/** Whether a path, or a host with a path, is that of a static URL. */
function isUnderPrefix(
  href: string,
  { href: prefix, path }: Prefix,
  names: ReadonlyMap<string, unknown>,
): boolean {
  const start = href.startsWith('//') ? prefix.replace(/^https?:/i, '') : path;
  if (!href.startsWith(start) || (href.startsWith('//') && !start.startsWith('//'))) return false;
  // With "/" as its prefix a site has other URLs there too.
  return path !== '/' || names.has(href.slice(start.length));
}
