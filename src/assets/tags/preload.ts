import { extname } from 'node:path/posix';
import { choice } from '../../core/option-kinds.ts';
import { quote } from '../../core/text.ts';
import { isToken } from '../../http/headers.ts';
import { MEDIA_TYPES } from '../../http/media-types.ts';

/** As what a browser preloads (HTML Living Standard §4.2.4.5, preload destinations). */
export type PreloadDestination = 'fetch' | 'font' | 'image' | 'script' | 'style' | 'track';

const DESTINATIONS: readonly PreloadDestination[] = ['fetch', 'font', 'image', 'script', 'style', 'track'];
const DESTINATION = choice(...DESTINATIONS);

/** By media type, or the part of it before the slash. */
const BY_TYPE: Readonly<Record<string, PreloadDestination>> = {
  'text/css': 'style',
  'text/javascript': 'script',
  'text/vtt': 'track',
  'application/json': 'fetch',
  'application/wasm': 'fetch',
  'application/vnd.ms-fontobject': 'font',
  font: 'font',
  image: 'image',
};

/** As what a file is preloaded, and the media type by which a browser knows whether it can use it. */
export interface Destination {
  readonly as: PreloadDestination;
  readonly type: string | undefined;
}

/**
 * As what a file is preloaded, by its extension.
 *
 * @param as - as what the page will ask for it, where the extension cannot tell
 * @throws TypeError
 */
export function destinationOf(path: string, as?: unknown): Destination {
  const type = mediaTypeOf(path);
  const known = type === undefined ? undefined : (BY_TYPE[type] ?? BY_TYPE[type.split('/')[0] ?? '']);
  if (known === undefined && as === undefined) {
    throw new TypeError(
      `Cannot tell from its name as what ${quote(path)} is preloaded. Pass "as": ${DESTINATIONS.map(quote).join(', ')}.`,
    );
  }
  if (as === undefined) return { as: known ?? 'fetch', type };
  if (!DESTINATION.check(as)) throw DESTINATION.refusal(as, 'as');
  return { as, type };
}

/** Whether a file is a script by its extension. */
export function isScript(path: string): boolean {
  return mediaTypeOf(path) === 'text/javascript';
}

function mediaTypeOf(path: string): string | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  return MEDIA_TYPES.find(({ extensions }) => extensions.includes(extension))?.type;
}

/** One link of a `Link` header. */
export interface LinkValue {
  readonly url: string;
  readonly rel: 'preload' | 'modulepreload';
  /** Parameters in their order; `true` gives the name alone. */
  readonly parameters: Readonly<Record<string, string | true | undefined>>;
}

/** Writes the value of a `Link` header (RFC 8288 §3); URLs are percent-encoded, so that nothing in them can end it. */
export function linkHeaderOf(links: readonly LinkValue[]): string {
  return links
    .map(({ url, rel, parameters }) => {
      const written = Object.entries(parameters).map(([name, value]) => {
        if (value === undefined) return '';
        if (value === true) return `; ${name}`;
        return `; ${name}=${isToken(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`}`;
      });
      return `<${url}>; rel=${rel}${written.join('')}`;
    })
    .join(', ');
}
