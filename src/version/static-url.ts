import { parsePrefix } from '../core/prefix.ts';

/** A static URL: prefix + version + `/`. */
export function staticUrl(prefix: string, version: string): string {
  return `${parsePrefix(prefix).href}${version}/`;
}
