import type { DotfileRule } from '../core/dotfiles.ts';
import { parseRequestPath, pathOf } from '../http/request-path.ts';

/** What the dev router does with a request. */
export type DevDecision =
  /** Not ours: leave it to the app's next handler. */
  | { readonly kind: 'pass' }
  /** Ours, but refused. */
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 | 405 }
  /** A file of live reload, by its name. */
  | { readonly kind: 'live-reload'; readonly name: string }
  /** Look for this file; `missing` says what to do when it is not there. */
  | { readonly kind: 'serve'; readonly path: string; readonly missing: 'pass' | 'refuse' };

/** What decides about a request, all known at start-up. */
export interface DevRequestRules {
  /** The prefix's path, percent-encoded, with a slash at both ends. */
  readonly prefixPath: string;
  readonly dotfileRule: DotfileRule;
  /** The status of a dotfile: 403 when the option `dotfiles` says `'deny'`. */
  readonly dotfileStatus: 403 | 404;
  /** Whether the router was asked to answer folders, with an index or a redirect. */
  readonly folders: boolean;
  readonly liveReload: boolean;
  /** Whether requests for missing files go on to the app, with and without a version in the URL. */
  readonly fallthrough: { readonly versioned: boolean; readonly unversioned: boolean };
}

/** The folder under the prefix where live reload answers; assets in a folder of this name cannot be reached meanwhile. */
export const LIVE_RELOAD_FOLDER = '@live-reload/';

const PASS: DevDecision = { kind: 'pass' };

/**
 * Decides about one request: column D of the truth table.
 *
 * @param url - the request target as the app sees it, with its query
 */
export function decideDevRequest(
  method: string | undefined,
  url: string,
  rules: DevRequestRules,
): DevDecision {
  const path = pathOf(url);
  if (!path.startsWith(rules.prefixPath)) return PASS;
  if (method !== 'GET' && method !== 'HEAD') {
    return rules.fallthrough.unversioned ? PASS : { kind: 'refuse', status: 405 };
  }
  const request = parseRequestPath(path.slice(rules.prefixPath.length), rules.dotfileRule);
  const missing = rules.fallthrough[request.version === undefined ? 'unversioned' : 'versioned']
    ? 'pass'
    : 'refuse';
  if (request.kind === 'refused') {
    // With the prefix "/", a URL without a version may be one of the app's own.
    if (rules.prefixPath === '/' && request.version === undefined && missing === 'pass') return PASS;
    return { kind: 'refuse', status: request.reason === 'dotfile' ? rules.dotfileStatus : request.status };
  }
  if (request.kind === 'folder' && !rules.folders)
    return missing === 'pass' ? PASS : { kind: 'refuse', status: 404 };
  if (rules.liveReload && request.kind === 'asset' && request.asset.startsWith(LIVE_RELOAD_FOLDER)) {
    return { kind: 'live-reload', name: request.asset.slice(LIVE_RELOAD_FOLDER.length) };
  }
  return { kind: 'serve', path: `/${request.encoded}`, missing };
}
