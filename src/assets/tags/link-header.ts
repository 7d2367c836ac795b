import { isToken } from '../../http/headers.ts';

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
