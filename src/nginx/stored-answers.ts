import { parameter, quoted } from './nginx-text.ts';
import type { ResolvedPagesLocation } from './pages-options.ts';

type Named = Pick<ResolvedPagesLocation, 'name'>;

/** Gives the variables of a site their names. */
export function variableOf({ name }: Named): (part: string) => string {
  return (part) => `$${name}_${part}`;
}

/** The variable that holds the value of a header that differs by URL. */
export function headerName(location: Named, index: number): string {
  return variableOf(location)(`header_${index + 1}`);
}

/** The location of the app. */
export function appLocation({ name }: Named): string {
  return `@${name}_app`;
}

/** What is said of every stored page, wherever it is stored. */
export function answerLines(location: ResolvedPagesLocation): string[] {
  return [
    'max_ranges 0;',
    'expires off;',
    'add_header Vary Accept-Encoding;',
    `add_header Cache-Control ${quoted(location.browserCacheControl)};`,
    'add_header Cache-Status "static-url; hit";',
    '# An add_header here drops those of the server: declare them among the headers of the pages.',
    ...location.headers.map(
      (header, index) =>
        `add_header ${parameter('header name', header.name)} ${header.values.length > 0 ? headerName(location, index) : quoted(header.otherwise ?? '')};`,
    ),
  ];
}
