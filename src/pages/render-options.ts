import { isIP } from 'node:net';
import { inCode, wholeNumber } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { isPlainObject } from '../core/text.ts';
import { FIELD_VALUE, isToken } from '../http/headers.ts';
import type { AppSource } from '../render/index.ts';
import { HEADER_NAMES } from './gate-options.ts';

/** What of a render is asked in another way than usual. */
export interface RenderSettings {
  /**
   * Headers in place of, or beside, those of a browser that our requests carry; an empty value takes one away.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The address that the app sees our requests come from.
   *
   * @defaultValue `'192.0.2.1'`, which is nobody's (RFC 5737)
   */
  readonly address?: string;
}

/** How the app is asked for pages, and how much that may take. */
export interface PageRenderOptions {
  /**
   * The app, for pages that are published before a visitor came: what a server's `request` listener is, a server, or a
   * function without parameters that gives one of them.
   *
   * @defaultValue none: pages are rendered by the server that a visitor came through
   */
  readonly app?: AppSource;
  /**
   * Headers that the app may read although they are a visitor's, since its pages are the same whatever they say:
   * `'Accept-Language'`.
   *
   * @defaultValue none
   */
  readonly harmlessHeaders?: readonly string[];
  /**
   * What our requests to the app carry.
   *
   * @defaultValue a browser's headers, and an address that is nobody's
   */
  readonly render?: RenderSettings;
  /**
   * How long a visitor waits for a page that is being rendered for the store before the app answers, in seconds.
   *
   * @defaultValue 3
   */
  readonly waitSeconds?: number;
  /**
   * How long a render may take, in seconds.
   *
   * @defaultValue 10
   */
  readonly deadlineSeconds?: number;
  /**
   * How many renders for visitors run at a time in this process. When they are busy, the app answers.
   *
   * @defaultValue 8
   */
  readonly renders?: number;
  /**
   * How long a page may be, in bytes.
   *
   * @defaultValue 2097152 (2 MiB)
   */
  readonly maxPageBytes?: number;
}

function isRenderSettings(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { headers = {}, address = NOBODY, ...rest } = value;
  return (
    Object.keys(rest).length === 0 &&
    typeof address === 'string' &&
    isIP(address) !== 0 &&
    isPlainObject(headers) &&
    Object.entries(headers).every(([name, text]) => isToken(name) && (text === '' || FIELD_VALUE.check(text)))
  );
}

/** Nobody's address (RFC 5737): apps trust loopback with more than they show everybody. */
export const NOBODY = '192.0.2.1';

/** The longest that a timer of Node takes: a longer one would be over at once. */
export const MOST_SECONDS: number = 2_147_483;

/** The options of rendering. */
export const PAGE_RENDER_OPTIONS: Table<PageRenderOptions, 'app'> = {
  app: {
    ...inCode<AppSource>(
      'an app, a server, or a function that gives one of them',
      (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    ),
    defaultText: 'none: pages are rendered by the server that a visitor came through',
    help: "The app, for pages that are published before a visitor came: what a server's request listener is, a server, or a function without parameters that gives one of them.",
  },
  harmlessHeaders: {
    ...HEADER_NAMES,
    default: [],
    defaultText: 'none',
    help: "Headers that the app may read although they are a visitor's, since its pages are the same whatever they say: 'Accept-Language'.",
  },
  render: {
    ...inCode<RenderSettings>(
      'an object of "headers", by their names, and "address", of an IP',
      isRenderSettings,
    ),
    default: {},
    defaultText: "a browser's headers, and an address that is nobody's",
    help: 'What our requests to the app carry.',
  },
  waitSeconds: {
    ...wholeNumber('seconds', 0, MOST_SECONDS),
    default: 3,
    help: 'How long a visitor waits for a page that is being rendered for the store before the app answers, in seconds.',
  },
  deadlineSeconds: {
    ...wholeNumber('seconds', 1, MOST_SECONDS),
    default: 10,
    help: 'How long a render may take, in seconds.',
  },
  renders: {
    ...wholeNumber('renders', 1),
    default: 8,
    help: 'How many renders for visitors run at a time in this process.',
  },
  maxPageBytes: {
    ...wholeNumber('bytes', 1),
    default: 2 * 1024 * 1024,
    defaultText: '2097152 (2 MiB)',
    help: 'How long a page may be, in bytes.',
  },
};
