import { MEDIA_TYPES } from '../http/media-types.ts';
import { block, directive } from './nginx-text.ts';

/**
 * The directives for media types and charsets. Complete by themselves, since a distribution's own table may lack types
 * (Debian's has no `mjs`) and `nosniff` then blocks the file.
 *
 * @param additions - types by extension, beside or in place of the built-in ones
 */
export function mediaTypeLines(additions: ReadonlyMap<string, string>): string[] {
  const types = MEDIA_TYPES.map((each) => ({
    ...each,
    extensions: each.extensions.filter((extension) => !additions.has(extension)),
  })).filter(({ extensions }) => extensions.length > 0);
  // Nginx counts text/html in without being told, and warns of it twice.
  const others = types.filter(({ type }) => type !== 'text/html');
  const added = [...additions].filter(
    ([, type]) =>
      type.startsWith('text/') && type !== 'text/html' && !others.some((each) => each.type === type),
  );
  return [
    'default_type application/octet-stream;',
    'types_hash_max_size 2048;',
    block('types', [
      ...types.map(({ type, extensions }) => `${type} ${extensions.join(' ')};`),
      ...[...additions].map(([extension, type]) => `${type} ${extension};`),
    ]),
    'charset utf-8;',
    directive('charset_types', [
      ...others.filter(({ charset }) => charset).map(({ type }) => type),
      ...new Set(added.map(([, type]) => type)),
    ]),
    directive(
      'gzip_types',
      others.filter(({ compressible }) => compressible).map(({ type }) => type),
    ),
  ];
}
