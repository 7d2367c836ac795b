import type { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { optionError } from '../core/errors.ts';
import { choice, PATH, STRING, type Kind } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { pagesHttp, pagesLocation } from '../nginx/index.ts';
import { PAGES_LOCATION_OPTIONS, type PagesLocationOptions } from '../nginx/options.ts';
import { MEMCACHED_STORE_OPTIONS, type PageType } from '../pages/memcached-store/options.ts';
import type { StoredType } from '../pages/rules/index.ts';
import { createCommand, type FromConfig } from './command.ts';
import { madeBy } from './made-by.ts';
import type { Terminal } from './terminal.ts';

/** Options of the two functions; what those take as an object is one flag for each of its options. */
interface PagesCommandOptions extends Omit<PagesLocationOptions, 'memcached' | 'preload'> {
  readonly memcached?: readonly string[];
  readonly types?: readonly PageType[] | Readonly<Record<string, StoredType>>;
  readonly keyPrefix?: string;
  readonly deadlineMilliseconds?: number;
  readonly 'preload.folder'?: string | URL;
  readonly 'preload.prefix'?: string;
  readonly part?: 'http' | 'server';
}

type Optional =
  | 'bypassCookies'
  | 'ignoreQuery'
  | 'folder'
  | 'memcached'
  | 'types'
  | 'keyPrefix'
  | 'deadlineMilliseconds'
  | 'preload.folder'
  | 'preload.prefix'
  | 'part';

const { memcached: _store, preload: _views, ...PLAIN_OPTIONS } = PAGES_LOCATION_OPTIONS;
const STORE = MEMCACHED_STORE_OPTIONS;

/** A kind, without what the store says of its own option. */
function kindOf<Value>({ check, refusal, argument }: Kind<Value>): Kind<Value> {
  return { check, refusal, argument };
}

/** Flags give pairs; a list comes from the configuration. The store checks either. */
const TYPES: Kind<readonly PageType[] | Readonly<Record<string, StoredType>>> = {
  ...kindOf(STORE.types),
  argument: { kind: 'pairs', separator: '=', example: '/feed.xml=application/rss+xml' },
};

const COMMAND_OPTIONS: Table<PagesCommandOptions, Optional> = {
  ...PLAIN_OPTIONS,
  memcached: {
    ...kindOf(STORE.servers),
    flag: '--memcached <server>',
    help: 'A server of the memcached store, in place of --folder: 10.0.0.1:11211, or "10.0.0.2:11211 weight=2". May be given again; each as the store has it.',
  },
  types: {
    ...TYPES,
    flag: '--memcached-type <pattern=type>',
    help: 'The media type of pages in memcached that are not HTML, by their URLs.',
  },
  keyPrefix: {
    ...kindOf(STORE.keyPrefix),
    flag: '--memcached-key-prefix <text>',
    defaultText: STORE.keyPrefix.default,
    help: STORE.keyPrefix.help,
  },
  deadlineMilliseconds: {
    ...kindOf(STORE.deadlineMilliseconds),
    flag: '--memcached-deadline <milliseconds>',
    defaultText: String(STORE.deadlineMilliseconds.default),
    help: 'How long a server of memcached may take to answer, in milliseconds.',
  },
  'preload.folder': {
    ...PATH,
    flag: '--preload-folder <folder>',
    defaultText: 'none: the app serves them',
    help: 'The folder of preloaded views, whose files nginx serves then.',
  },
  'preload.prefix': {
    ...STRING,
    flag: '--preload-prefix <prefix>',
    defaultText: '/preloaded/',
    help: 'What the URLs of preloaded views start with; of an absolute URL its path.',
  },
  part: {
    ...choice('http', 'server'),
    flag: '--part <block>',
    defaultText: 'both, one behind the other, to read',
    help: 'Which of the two files to print: what to include in the http block, or in the server block.',
  },
};

type Values = Readonly<Record<string, unknown>>;

function pagesOf({ values }: ResolvedConfig): Values {
  return { ...values.pages };
}

function isGiven(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** What the store of the configuration says, unless flags name another one. */
function storeOf(config: ResolvedConfig, command: Command): Values {
  return isGiven(command, 'folder') || isGiven(command, 'memcached')
    ? {}
    : { ...Object(pagesOf(config)['store']) };
}

/** What memcachedStore() was given. */
function memcachedOf(config: ResolvedConfig, command: Command): Values {
  return { ...Object(storeOf(config, command)['options']) };
}

/** A list by URLs, to which a flag cannot add. */
function listOr(
  value: unknown,
  option: string,
  { name }: ResolvedConfig,
  command: Command,
  what: string,
): unknown {
  const flag = command.options.find((each) => each.attributeName() === option)?.long;
  if (!Array.isArray(value) || !isGiven(command, option)) return value;
  throw new TypeError(
    `${name} says the ${what} of pages by URL, and ${flag} can add none to that. Add it there.`,
  );
}

/** All is said in "pages", whose names of options are those of the flags; at the top they are about assets. */
const FROM_CONFIG: FromConfig<PagesCommandOptions> = {
  ...Object.fromEntries(
    Object.keys(COMMAND_OPTIONS).map((name) => [name, (config: ResolvedConfig) => pagesOf(config)[name]]),
  ),
  folder: (config, command) => storeOf(config, command)['folder'],
  memcached: (config, command) => memcachedOf(config, command)['servers'],
  types: (config, command) =>
    listOr(memcachedOf(config, command)['types'], 'types', config, command, 'types'),
  keyPrefix: (config, command) => memcachedOf(config, command)['keyPrefix'],
  deadlineMilliseconds: (config, command) => memcachedOf(config, command)['deadlineMilliseconds'],
  'preload.folder': (config) => Object(pagesOf(config)['preload']).folder,
  'preload.prefix': (config) => Object(pagesOf(config)['preload']).prefix,
  headers: (config, command) => listOr(pagesOf(config)['headers'], 'headers', config, command, 'headers'),
};

/** `static-url nginx pages`: prints what answers with stored pages. */
export function nginxPagesCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'pages',
    description: 'Print what answers with stored pages, and asks the app for all else: two files to include.',
    options: COMMAND_OPTIONS,
    notes: `
Example, and again with "--part server" for the other file; with pages in memcached "--memcached 10.0.0.1:11211" in place of the folder:
  $ static-url nginx pages --part http --site https://www.example.com --url '/posts/:slug' --folder /srv/app/pages --upstream http://127.0.0.1:3000 > /etc/nginx/conf.d/app-pages.conf
`,
    fromConfig: FROM_CONFIG,
    run: ({ part, ...options }, call) => {
      const location = locationOptions(options);
      const texts = { http: pagesHttp(location), server: pagesLocation(location) };
      terminal.write(
        madeBy(call, givenBy(call.command, { ...options, part }), configOf(call.command)) +
          (part ? texts[part] : `${texts.http}\n${texts.server}`),
      );
    },
  });
}

function locationOptions({
  memcached,
  types,
  keyPrefix,
  deadlineMilliseconds,
  'preload.folder': folder,
  'preload.prefix': prefix,
  ...plain
}: Omit<PagesCommandOptions, 'part'>): PagesLocationOptions {
  const beside = {
    ...(types === undefined ? {} : { types: typeList(types) }),
    ...(keyPrefix === undefined ? {} : { keyPrefix }),
    ...(deadlineMilliseconds === undefined ? {} : { deadlineMilliseconds }),
  };
  const [useless] = Object.keys(beside);
  if (memcached === undefined && useless !== undefined) throw needs(useless, 'memcached');
  if (folder === undefined && prefix !== undefined) throw needs('preload.prefix', 'preload.folder');
  return {
    ...plain,
    ...(memcached === undefined ? {} : { memcached: { servers: memcached, ...beside } }),
    ...(folder === undefined ? {} : { preload: { folder, ...(prefix === undefined ? {} : { prefix }) } }),
  };
}

function needs(option: string, other: string): Error {
  return optionError(option, (name) => `${name(option)} means nothing without ${name(other)}. Give both.`);
}

function typeList(types: NonNullable<PagesCommandOptions['types']>): readonly PageType[] {
  return isList(types) ? types : Object.entries(types).map(([urls, type]): PageType => ({ urls, type }));
}

function isList(types: NonNullable<PagesCommandOptions['types']>): types is readonly PageType[] {
  return Array.isArray(types);
}

/** What flags have said; regular expressions and headers by URL, which the configuration has, are no flags. */
function givenBy(command: Command, options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => isGiven(command, name)));
}

/** From where all else came. */
function configOf(command: Command): string {
  const { config }: { readonly config?: unknown } = command.opts();
  return command.getOptionValueSource('config') === 'config' ? `, with "pages" in ${String(config)}` : '';
}
