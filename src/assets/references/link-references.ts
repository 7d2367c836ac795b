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
    /** A script makes a URL of text, so nobody knows what it leads to. */
    | 'computed-url'
    /** Webpack makes the URLs of its chunks of text. */
    | 'chunk-map'
    /** Vite was built with an absolute base, so what it preloads is asked for without a version. */
    | 'based-chunk'
    /** The query of a template that imports is not known. */
    | 'unknown-query'
    /** A worker by a URL that a browser resolves against the page. */
    | 'worker-address'
    /** A bare module name that stands for nothing, so that no import map has it. */
    | 'unmapped-name'
    /** From there on the text is not what it should be. */
    | 'syntax';
  /** The asset that has the reference. */
  readonly asset: string;
  readonly reference: Reference;
  /** The name that was looked for, where it is one. */
  readonly target?: string;
  /** Whether the file may refer to what is not there. */
  readonly isOptional: boolean;
}

/** A file whose references are followed. */
export interface ReferenceHolder {
  readonly name: string;
  /** The folder whose files share its fingerprint, whatever names them. */
  readonly unit: string | undefined;
  /** Whether it may refer to what is not there. */
  readonly isOptional: boolean;
}

/** What names no file, but tells of something. */
const NO_TARGETS = [
  'folder',
  'unknown-import',
  'computed-url',
  'chunk-map',
  'based-chunk',
  'unread',
] as const;

function isNoTarget(kind: Reference['kind']): kind is (typeof NO_TARGETS)[number] {
  return NO_TARGETS.some((each) => each === kind);
}

/** What leads to files that are not known. */
const UNSEEN: ReadonlySet<ReferenceProblem['kind']> = new Set([
  'folder',
  'unknown-import',
  'computed-url',
  'chunk-map',
]);

/**
 * Finds the assets that a file's references lead to.
 *
 * @param imports - bare module names and the assets that they stand for
 */
export function linkReferences(
  { name: asset, unit, isOptional }: ReferenceHolder,
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
      if (kind === 'link') return;
      // What a script makes of text within its unit is covered.
      if (unit !== undefined && UNSEEN.has(what)) return;
      problems.push({ kind: what, asset, reference, isOptional, ...(target !== undefined && { target }) });
    };
    if (isNoTarget(kind)) {
      problem(kind === 'unread' ? 'syntax' : kind);
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
