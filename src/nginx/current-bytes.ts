import { NO_STORE } from '../http/headers.ts';
import { headerLines } from './file-locations.ts';
import type { ResolvedLocation } from './location-options.ts';
import { CURRENT_FOLDER } from './location-values.ts';
import { block, parameter, quoted } from './nginx-text.ts';

/** Goes on to the location of the current bytes with the captured asset. */
export function toCurrentBytes({ prefix }: Pick<ResolvedLocation, 'prefix'>): string {
  return `rewrite ^ ${quoted(`${prefix}${CURRENT_FOLDER}$static_url_asset`)} last;`;
}

/** The location of the current bytes, for a version that was not released, and the comment on it. */
export function currentBytesLines(location: ResolvedLocation): string[] {
  const { prefix, root } = location;
  return [
    '# Under any other version: the current bytes, which are not its own, so nobody may store them.',
    block(`location ^~ ${parameter('prefix', prefix + CURRENT_FOLDER)}`, [
      'internal;',
      ...headerLines(location, NO_STORE, ' always'),
      '# No validators: a download begun on another host must not go on with these bytes.',
      'etag off;',
      'if_modified_since off;',
      'add_header Last-Modified "";',
      `alias ${parameter('root', `${root}/`)};`,
      'if (!-f $request_filename) { return 404; }',
    ]),
  ];
}
