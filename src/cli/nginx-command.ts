import { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { choice } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { isPlainObject } from '../core/text.ts';
import { pagesHttp, pagesLocation, releasesLocation, staticLocation } from '../nginx/index.ts';
import {
  PAGES_LOCATION_OPTIONS,
  RELEASES_OPTIONS,
  STATIC_OPTIONS,
  type PagesLocationOptions,
} from '../nginx/options.ts';
import { createCommand, fullName, type CommandCall, type FromConfig } from './command.ts';
import { onlyRoot } from './config-values.ts';
import type { Terminal } from './terminal.ts';

/** `static-url nginx`: prints configuration. */
export function nginxCommand(terminal: Terminal): Command {
  return new Command('nginx')
    .description('Print configuration for nginx.')
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public\n',
    )
    .addCommand(nginxStaticCommand(terminal))
    .addCommand(nginxReleasesCommand(terminal))
    .addCommand(nginxPagesCommand(terminal));
}

function nginxStaticCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'static',
    description: 'Print a location to include in a server block: static URLs with a long expiry.',
    options: STATIC_OPTIONS,
    notes:
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public > /etc/nginx/snippets/app-static.conf\n',
    fromConfig: {
      root: onlyRoot('Name with --root the one that holds what pages ask for: files of the others are 404.'),
      symlinks: linksOfLocation,
      // Said for releases, it means nothing to a location that knows no version.
      unknownVersion: ({ values }, command) =>
        markerFolder(values, command) === undefined ? undefined : values.unknownVersion,
    },
    run: (options, call) => terminal.write(madeBy(call, options) + staticLocation(options)),
  });
}

function nginxReleasesCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'releases',
    description:
      'Print a location to include in a server block: every released URL with its own bytes, for a year.',
    options: RELEASES_OPTIONS,
    notes:
      '\nExample:\n  $ static-url nginx releases --prefix /static/ --root /srv/app/public --releases /srv/app/releases > /etc/nginx/snippets/app-releases.conf\n',
    fromConfig: {
      root: onlyRoot(
        'Name with --root the one whose files are asked for without a version, such as "favicon.ico": files of the others are 404 without one, and under versions that are not released.',
      ),
      symlinks: linksOfLocation,
    },
    run: (options, call) => terminal.write(madeBy(call, options) + releasesLocation(options)),
  });
}

/** What the command is told beside the options of the two functions. */
interface PagesCommandOptions extends PagesLocationOptions {
  readonly part?: 'http' | 'server';
}

const PAGES_COMMAND_OPTIONS: Table<PagesCommandOptions, 'bypassCookies' | 'ignoreQuery' | 'part'> = {
  ...PAGES_LOCATION_OPTIONS,
  part: {
    ...choice('http', 'server'),
    flag: '--part <block>',
    defaultText: 'both, one behind the other, to read',
    help: 'Which of the two files to print: what to include in the http block, or in the server block.',
  },
};

type PagesConfig = Readonly<Record<string, unknown>>;

/** All is said in "pages", whose names of options are those of the flags; at the top they are about assets. */
const PAGES_FROM_CONFIG: FromConfig<PagesCommandOptions> = {
  ...Object.fromEntries(
    Object.keys(PAGES_COMMAND_OPTIONS).map((name) => [
      name,
      ({ values }: ResolvedConfig) => {
        const { [name]: value }: PagesConfig = { ...values.pages };
        return value;
      },
    ]),
  ),
  folder: ({ values }) => {
    const { folder }: PagesConfig = { ...Object(values.pages?.store) };
    return folder;
  },
  headers: ({ name, values }, command) => {
    const { headers } = values.pages ?? {};
    if (Array.isArray(headers) && command.getOptionValueSource('headers') === 'cli')
      throw new TypeError(
        `${name} says the headers of pages by URL, and --header can add none to that. Add it there.`,
      );
    return headers;
  },
};

/** What flags have said; regular expressions and headers by URL, which the configuration has, are no flags. */
function givenBy(command: Command, options: object): object {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
}

/** From where all else came. */
function configOf(command: Command): string {
  const { config }: { readonly config?: unknown } = command.opts();
  return command.getOptionValueSource('config') === 'config' ? `, with "pages" in ${String(config)}` : '';
}

function nginxPagesCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'pages',
    description: 'Print what answers with stored pages, and asks the app for all else: two files to include.',
    options: PAGES_COMMAND_OPTIONS,
    notes: `
Example, and again with "--part server" for the other file:
  $ static-url nginx pages --part http --site https://www.example.com --url '/posts/:slug' --folder /srv/app/pages --upstream http://127.0.0.1:3000 > /etc/nginx/conf.d/app-pages.conf
`,
    fromConfig: PAGES_FROM_CONFIG,
    run: ({ part, ...options }, call) => {
      const texts = { http: pagesHttp(options), server: pagesLocation(options) };
      terminal.write(
        madeBy(call, givenBy(call.command, { ...options, part }), configOf(call.command)) +
          (part ? texts[part] : `${texts.http}\n${texts.server}`),
      );
    },
  });
}

/** Nginx follows all links, or none. */
function linksOfLocation({ values: { symlinks } }: ResolvedConfig): 'follow' | 'refuse' | undefined {
  return symlinks === undefined ? undefined : symlinks === 'refuse' ? 'refuse' : 'follow';
}

/** What the command line says of it, `--no-current` too, else what the configuration says. */
function markerFolder({ current }: ResolvedConfig['values'], command: Command): string | undefined {
  return command.getOptionValueSource('current') === 'cli' ? command.getOptionValue('current') : current;
}

/** Tells whoever finds the file how it was made: by these flags, wherever they came from. */
function madeBy({ command, takenBack }: CommandCall, options: object, from = ''): string {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const flags = command.options.flatMap((option) => {
    const value = given[option.attributeName()];
    if (option.negate || option.long === undefined) return [];
    const takeBack = takenBack.has(option.attributeName()) ? [`--no-${option.long.slice(2)}`] : [];
    return [...takeBack, ...wordsOf(option.long, value)];
  });
  return `# Made by: ${[fullName(command), ...flags].join(' ')}${from}
# To change it, run that again with other flags, then: nginx -t && nginx -s reload

`;
}

function wordsOf(flag: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  if (typeof value === 'string' || typeof value === 'number') return [flag, word(String(value))];
  if (Array.isArray(value)) return value.flatMap((each) => wordsOf(flag, each));
  if (!isPlainObject(value)) return [];
  const separator = flag === '--header' ? ': ' : '=';
  return Object.entries(value).flatMap(([name, each]) => [flag, word(`${name}${separator}${String(each)}`)]);
}

/** As a shell reads it back. */
function word(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
