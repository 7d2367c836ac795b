import { hasDotfile, type DotfileRule } from '../core/dotfiles.ts';
import { VERSION_PATTERN } from '../core/version-format.ts';

interface VersionedPath {
  /** The version in the URL, if there is one. */
  readonly version: string | undefined;
}

/** A request's path below the prefix, decoded and found fit to name a file. */
export interface AssetRequest extends VersionedPath {
  readonly kind: 'asset';
  /** The asset's name: decoded, `/` between segments, none of them empty, `.` or `..`. */
  readonly asset: string;
  /** The asset's name as it stood in the URL, percent-encoded. */
  readonly encoded: string;
}

/** A request's path that names no file, whatever is on disk. */
export interface RefusedRequest extends VersionedPath {
  readonly kind: 'refused';
  readonly reason:
    | 'bad encoding'
    | 'NUL'
    | 'backslash'
    | 'encoded slash'
    | 'dot segment'
    | 'empty segment'
    | 'dotfile';
  readonly status: 400 | 404;
}

/** A request's path that ends in a slash: it can name a folder, never a file. */
export interface FolderRequest extends VersionedPath {
  readonly kind: 'folder';
  /** The folder's name as it stood in the URL, percent-encoded, with the slash at the end; empty for the root. */
  readonly encoded: string;
}

const VERSION_SEGMENT = new RegExp(`^(?:(${VERSION_PATTERN})/)?(.*)$`, 's');

/**
 * Reads what follows the prefix in a request's raw path: the one place that decodes and refuses.
 *
 * @param rest - the path after the prefix, as the client sent it, without query
 */
export function parseRequestPath(
  rest: string,
  rule: DotfileRule,
): AssetRequest | FolderRequest | RefusedRequest {
  const [, version, encoded = ''] = VERSION_SEGMENT.exec(rest) ?? [];
  const refused = (reason: RefusedRequest['reason'], status: 400 | 404 = 404): RefusedRequest => ({
    kind: 'refused',
    version,
    reason,
    status,
  });
  const asset = decode(encoded);
  if (asset === undefined) return refused('bad encoding', 400);
  if (asset.includes('\0')) return refused('NUL', 400);
  if (asset.includes('\\')) return refused('backslash');
  if (/%2f/i.test(encoded)) return refused('encoded slash');
  const segments = asset.split('/');
  if (segments.includes('.') || segments.includes('..')) return refused('dot segment');
  const folder = segments.at(-1) === '';
  if (folder) segments.pop();
  if (segments.includes('')) return refused('empty segment');
  if (hasDotfile(segments, rule)) return refused('dotfile');
  return folder ? { kind: 'folder', version, encoded } : { kind: 'asset', version, asset, encoded };
}

/** What a URL may consist of by RFC 3986: no space, no control character, nothing beyond ASCII, no fragment. */
const URL_CHARACTERS = /^[!-~]*$/;

function decode(encoded: string): string | undefined {
  if (!URL_CHARACTERS.test(encoded) || encoded.includes('#')) return undefined;
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The path of a request target in origin-form or absolute-form (RFC 9112 §3.2). */
export function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const query = path.indexOf('?');
  return query === -1 ? path : path.slice(0, query);
}
