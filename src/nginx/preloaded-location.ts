import { cacheFor, YEAR_SECONDS } from '../http/headers.ts';
import { contentType, STORED_TYPES } from '../pages/rules/index.ts';
import {
  CACHE_CONTROL_VARIABLE,
  expiryLines,
  fileLocation,
  FINAL_ANSWER,
  finalLocation,
  headerLines,
  symlinkLine,
} from './file-locations.ts';
import { block, literalPattern, parameter } from './nginx-text.ts';
import type { PreloadedFiles } from './preload-options.ts';

/** The name of a preloaded view's file: of its content, and of its type. */
const FILE_PATTERN = `(?<static_url_asset>[0-9a-f]{16}\\.(?:${Object.values(STORED_TYPES).map(literalPattern).join('|')}))`;

/** The location of preloaded views: files that never change, kept by browsers for a year. */
export function preloadedLocation({ folder, prefix }: PreloadedFiles): string {
  const location = { prefix, headers: [] };
  return finalLocation(
    location,
    [
      'default_type application/octet-stream;',
      '# With their charset, so that nginx has not to find out which types have one.',
      'charset off;',
      block(
        'types',
        Object.entries(STORED_TYPES).map(
          // The types' names are the keys.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          ([type, end]) => `${parameter('type', contentType(type as keyof typeof STORED_TYPES))} ${end};`,
        ),
      ),
      'gzip_static on;',
      'gzip_vary on;',
      '',
      "# The site's own would be sent beside ours, or in place of it.",
      ...FINAL_ANSWER,
      'etag on;',
      'if_modified_since before;',
      '# A file that was asked for in vain may be there by the next request.',
      'open_file_cache off;',
      '# Pages that name a file that is gone are renewed; that is no error.',
      'log_not_found off;',
      symlinkLine(folder),
    ],
    [
      '# Named by their content, so their bytes never change.',
      fileLocation(location, folder, FILE_PATTERN, [
        ...expiryLines(CACHE_CONTROL_VARIABLE, cacheFor(YEAR_SECONDS, true)),
        ...headerLines(location, CACHE_CONTROL_VARIABLE),
      ]),
      '',
      '# Whatever else is in the folder.',
    ],
  );
}
