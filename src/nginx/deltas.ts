import { optionError, StaticUrlError } from '../core/errors.ts';
import { expected, isStringList, type Kind } from '../core/option-kinds.ts';
import { parsePrefix } from '../core/prefix.ts';
import { quote } from '../core/text.ts';
import {
  DELTA_CODING,
  DELTA_VARY,
  DICTIONARY_PATTERN,
  LITERAL_NAME_PATTERN,
  TAKES_DELTAS_PATTERN,
  useAsDictionary,
  WHOLE_BODY_HEADERS,
} from '../http/dictionaries.ts';
import type { Header } from '../http/headers.ts';
import { deltaName } from '../releases/options.ts';
import { block, quoted } from './nginx-text.ts';

const ASSET = '$static_url_asset';
const DICTIONARY = '$static_url_dictionary';
const CODING = '$static_url_coding';
const OWN_BODY = '$static_url_own_body';

/** Names that {@link dictionaryTemplate} can say, looked at ahead of their capture: none ends in a line break. */
export const LITERAL_NAMES: string = String.raw`(?=${LITERAL_NAME_PATTERN}\z)`;

/** What the name of a file has behind it where a delta is sent. */
export const DELTA_VARIABLE = '$static_url_delta';

/**
 * `Use-As-Dictionary` for all assets under a prefix, with nginx's variable for their name.
 *
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for a prefix that browsers would not match
 */
export function dictionaryTemplate(prefix: string): string {
  const template = useAsDictionary(parsePrefix(prefix).path, ASSET);
  if (template !== undefined) return template;
  throw optionError(
    'deltas',
    (name) =>
      `${name('deltas')} cannot go with ${name('prefix')} ${quote(prefix)}: browsers match no dictionary to a path with ":". Choose a prefix without it, or leave out ${name('deltas')}.`,
    (message) => new StaticUrlError('NGINX_INEXPRESSIBLE', message),
  );
}

/** Refuses a header that every released file has already. */
export function refuseDictionaryHeader(headers: readonly Header[]): void {
  if (!headers.some(([name]) => name.toLowerCase() === 'use-as-dictionary')) return;
  throw optionError(
    'headers',
    (name) =>
      `${name('headers')} has "Use-As-Dictionary", which ${name('deltas')} sends already. Leave it out.`,
  );
}

/** A module of nginx that compresses answers, and that nginx does not come with. */
export type CompressionModule = 'brotli' | 'zstd';

const MODULES: readonly string[] = ['brotli', 'zstd'] satisfies CompressionModule[];

/** Modules of nginx that compress answers. */
export const COMPRESSION_MODULES: Kind<readonly CompressionModule[]> = expected(
  { kind: 'strings' },
  'a list of "brotli" and "zstd"',
  (value): value is readonly CompressionModule[] =>
    isStringList(value) && value.every((each) => MODULES.includes(each)),
);

/** What is said of deltas, with everything decided. */
export interface ResolvedDeltas {
  /** `Use-As-Dictionary`; see {@link dictionaryTemplate}. */
  readonly template: string;
  /** Those that must not compress a delta again. */
  readonly compressionModules: readonly CompressionModule[];
}

/**
 * The directives that decide whether a file is sent as a delta. They end the location's own, most often at the first test.
 *
 * @param release - the folder of the release
 */
export function deltaLines(release: string, { compressionModules }: ResolvedDeltas): string[] {
  const ownBody = WHOLE_BODY_HEADERS.map((name) => `$http_${name.replaceAll('-', '_')}`).join('');
  const available = quoted(`^:(?<${DICTIONARY.slice(1)}>${DICTIONARY_PATTERN}):$`);
  return [
    '# For a client that has an older version and asks for a whole body: the difference, if the release has it.',
    `set ${DELTA_VARIABLE} "";`,
    `set ${CODING} "";`,
    // Nearly everybody, at less cost than by the pattern.
    'if ($http_available_dictionary = "") { break; }',
    `if ($http_available_dictionary !~ ${available}) { break; }`,
    `if ($http_accept_encoding !~* ${quoted(TAKES_DELTAS_PATTERN)}) { break; }`,
    `set ${OWN_BODY} ${ownBody};`,
    `if (${OWN_BODY} != "") { break; }`,
    block(`if (-f ${quoted(`${release}/${deltaName(ASSET, DICTIONARY)}`)})`, [
      `set ${DELTA_VARIABLE} ${quoted(deltaName('', DICTIONARY))};`,
      `set ${CODING} ${DELTA_CODING};`,
      '# Nothing may compress it again.',
      ...['gzip', ...compressionModules].map((module) => `${module} off;`),
    ]),
  ];
}

/** The headers of a file that is a dictionary, and may be sent as a delta. */
export function deltaHeaderLines({ template }: ResolvedDeltas): string[] {
  return [
    `add_header Use-As-Dictionary ${quoted(template)};`,
    `add_header Content-Encoding ${CODING};`,
    `add_header Vary ${quoted(DELTA_VARY)};`,
    '# It would be a second one.',
    'gzip_vary off;',
  ];
}
