import type { Command } from 'commander';
import { ASSETS_OPTIONS, TAG_OPTIONS } from '../src/assets/options.ts';
import { createProgram } from '../src/cli/main.ts';
import { CONFIG_OPTIONS } from '../src/config/options.ts';
import { STATIC_URL_ERRORS } from '../src/core/errors.ts';
import type { AnyTable, Spec } from '../src/core/options.ts';
import { DEV_ROUTER_OPTIONS } from '../src/express/options.ts';
import {
  PAGES_LOCATION_OPTIONS,
  RELEASES_OPTIONS,
  SITE_SERVER_OPTIONS,
  STATIC_OPTIONS,
} from '../src/nginx/options.ts';
import { FILE_STORE_OPTIONS } from '../src/pages/file-store/options.ts';
import { MEMCACHED_STORE_OPTIONS } from '../src/pages/memcached-store/options.ts';
import {
  DELETE_OPTIONS,
  PAGES_OPTIONS,
  PRELOAD_OPTIONS,
  PUBLISH_OPTIONS,
  RENEW_OPTIONS,
  VERIFY_OPTIONS,
} from '../src/pages/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../src/releases/options.ts';
import { HANDLER_OPTIONS } from '../src/serve/options.ts';
import { EXPORT_OPTIONS, SITE_OPTIONS, SITE_PUBLISH_OPTIONS } from '../src/site/options.ts';
import { ROUTE_OPTIONS } from '../src/site/routes/route.ts';
import { SITE_FINDINGS } from '../src/site/site.ts';
import { AZURE_TARGET_OPTIONS } from '../src/site/targets/azure/options.ts';
import { DIRECTORY_TARGET_OPTIONS } from '../src/site/targets/directory/options.ts';
import { GCS_TARGET_OPTIONS } from '../src/site/targets/gcs/options.ts';
import { S3_TARGET_OPTIONS } from '../src/site/targets/s3/options.ts';
import { CONTENT_OPTIONS, FILE_OPTIONS, GIT_OPTIONS, NOW_OPTIONS } from '../src/version/options.ts';
import { pagesReasonSections } from './pages-reasons.ts';

/** A function with options: how it is called, from where it is imported, and its table. */
interface Entry {
  readonly name: string;
  readonly call: string;
  readonly from: string;
  readonly table: AnyTable;
  /** Whether a command takes the options as flags. */
  readonly flags?: true;
  /** Whether none of the options has to be given. */
  readonly optional?: true;
  /** What the table does not say. */
  readonly note?: string;
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'getStaticUrlNow',
    call: 'getStaticUrlNow(prefix, options?)',
    from: 'static-url',
    table: NOW_OPTIONS,
  },
  {
    name: 'getStaticUrlFile',
    call: 'getStaticUrlFile(prefix, file, options?)',
    from: 'static-url',
    table: FILE_OPTIONS,
  },
  {
    name: 'getStaticUrlGit',
    call: 'getStaticUrlGit(prefix, options?)',
    from: 'static-url',
    table: GIT_OPTIONS,
  },
  {
    name: 'getStaticUrlEnv',
    call: 'getStaticUrlEnv(prefix, names)',
    from: 'static-url',
    table: {},
    note: 'Takes the first of the named environment variables that is set. A whole commit id is cut to 16 digits; anything else is hashed.',
  },
  {
    name: 'getStaticUrlContent',
    call: 'await getStaticUrlContent(prefix, root, options?)',
    from: 'static-url',
    table: CONTENT_OPTIONS,
  },
  { name: 'openAssets', call: 'await openAssets(options)', from: 'static-url/assets', table: ASSETS_OPTIONS },
  { name: 'assetTags', call: 'assetTags(assets, options?)', from: 'static-url/assets', table: TAG_OPTIONS },
  {
    name: 'assetsRouter',
    call: 'assetsRouter(assets, options?)',
    from: 'static-url/express',
    table: HANDLER_OPTIONS,
    note: 'The same options are those of `assets.handler(options?)`, for `node:http` and other frameworks.',
  },
  {
    name: 'writeRelease',
    call: 'await writeRelease(options)',
    from: 'static-url/assets',
    table: RELEASE_OPTIONS,
    flags: true,
  },
  {
    name: 'pruneReleases',
    call: 'await pruneReleases(options)',
    from: 'static-url/assets',
    table: PRUNE_OPTIONS,
    flags: true,
  },
  {
    name: 'devStaticRouter',
    call: 'devStaticRouter(prefix, root, options?)',
    from: 'static-url/express',
    table: DEV_ROUTER_OPTIONS,
    note: 'What is said to be of serve-static has the meaning that it has there, and the same default unless another one stands here.',
  },
  {
    name: 'staticLocation',
    call: 'staticLocation(options)',
    from: 'static-url/nginx',
    table: STATIC_OPTIONS,
    flags: true,
  },
  {
    name: 'releasesLocation',
    call: 'releasesLocation(options)',
    from: 'static-url/nginx',
    table: RELEASES_OPTIONS,
    flags: true,
  },
  {
    name: 'pagesLocation',
    call: 'pagesLocation(options)',
    from: 'static-url/nginx',
    table: PAGES_LOCATION_OPTIONS,
    flags: true,
    note: 'What stands in `server`. `pagesHttp(options)` takes the same, and gives what stands in `http`. Pages are in `folder` or in `memcached`: one of the two must be given. The flags of `memcached` and `preload` stand at [the command](#static-url-nginx-pages).',
  },
  {
    name: 'siteServer',
    call: 'siteServer(options)',
    from: 'static-url/nginx',
    table: SITE_SERVER_OPTIONS,
    flags: true,
  },
  {
    name: 'createPages',
    call: 'createPages(options)',
    from: 'static-url/pages',
    table: PAGES_OPTIONS,
  },
  {
    name: 'preload',
    call: 'createPages({ …, preload })',
    from: 'static-url/pages',
    table: PRELOAD_OPTIONS,
    note: 'The options of views that become static files: `await pages.preload(url, ...query)`, and in templates `pageTags(pages).staticPreload(url, ...query)`.',
  },
  {
    name: 'fileStore',
    call: 'fileStore(options)',
    from: 'static-url/pages',
    table: FILE_STORE_OPTIONS,
  },
  {
    name: 'memcachedStore',
    call: 'memcachedStore(options)',
    from: 'static-url/pages',
    table: MEMCACHED_STORE_OPTIONS,
  },
  {
    name: 'pages.publish',
    call: 'await pages.publish(...resources, options?)',
    from: 'static-url/pages',
    table: PUBLISH_OPTIONS,
    flags: true,
  },
  {
    name: 'pages.renew',
    call: 'await pages.renew(options?)',
    from: 'static-url/pages',
    table: RENEW_OPTIONS,
    flags: true,
  },
  {
    name: 'pages.delete',
    call: 'await pages.delete(...resources, options?)',
    from: 'static-url/pages',
    table: DELETE_OPTIONS,
    flags: true,
  },
  {
    name: 'pages.verify',
    call: 'await pages.verify(url, options?)',
    from: 'static-url/pages',
    table: VERIFY_OPTIONS,
    flags: true,
  },
  {
    name: 'createSite',
    call: 'createSite(options)',
    from: 'static-url/site',
    table: SITE_OPTIONS,
    flags: true,
  },
  {
    name: 'route',
    call: 'route(path, options?)',
    from: 'static-url/site',
    table: ROUTE_OPTIONS,
  },
  {
    name: 'site.export',
    call: 'await site.export(options?)',
    from: 'static-url/site',
    table: EXPORT_OPTIONS,
    flags: true,
  },
  {
    name: 'site.publish',
    call: 'await site.publish(target?, options?)',
    from: 'static-url/site',
    table: SITE_PUBLISH_OPTIONS,
    flags: true,
    note: 'The target is one of the option `targets` by its name, or a target itself; by default `default`, or the only one.',
  },
  {
    name: 's3Target',
    call: 's3Target(options)',
    from: 'static-url/site',
    table: S3_TARGET_OPTIONS,
    note: 'Needs the package `@aws-sdk/client-s3`, and `@aws-sdk/client-cloudfront` to purge by `cloudFront`.',
  },
  {
    name: 'gcsTarget',
    call: 'gcsTarget(options)',
    from: 'static-url/site',
    table: GCS_TARGET_OPTIONS,
    note: 'Needs the package `@google-cloud/storage`.',
  },
  {
    name: 'azureTarget',
    call: 'azureTarget(options)',
    from: 'static-url/site',
    table: AZURE_TARGET_OPTIONS,
    note: 'Needs the package `@azure/storage-blob`. Give `connectionString` or `url`.',
  },
  {
    name: 'directoryTarget',
    call: 'directoryTarget(options)',
    from: 'static-url/site',
    table: DIRECTORY_TARGET_OPTIONS,
  },
  {
    name: 'defineConfig',
    call: 'defineConfig(options)',
    from: 'static-url/config',
    table: CONFIG_OPTIONS,
    flags: true,
    optional: true,
    note: 'The default export of `static-url.config.js`, `.mjs` or `.ts`. Every command but `unmark` reads it; flags win. Paths are relative to its folder. What is about answers, headers and media types is for nginx.',
  },
];

/** The page `docs/reference.md`, from the tables that the code itself reads. */
export function referencePage(): string {
  const program = createProgram({
    write: () => {},
    writeError: () => {},
    cwd: '/',
    env: {},
  });
  return [
    '# Reference',
    '<!-- Generated by "npm run generate". Change the tables in src/, not this page. -->',
    '[Commands](#commands) · [Options](#options) · [Why a request goes to the app](#why-a-request-goes-to-the-app) · [Why a page is not stored](#why-a-page-is-not-stored) · [What an export finds](#what-an-export-finds) · [Errors](#errors)',
    '## Commands',
    'Exit codes: 0 success, 1 failure, 2 wrong usage. `--json` prints data for scripts. A flag `--no-…` takes back what the configuration says.',
    ...program.commands.flatMap((command) => commandSections(command)),
    '## Options',
    ...ENTRIES.flatMap(entrySection),
    ...pagesReasonSections(table),
    '## What an export finds',
    'Each finding has a `kind`, a `severity`, a `message`, and where it is in a file, `file` and `line`. An error stops the export unless `strict` is off.',
    table(
      ['kind', 'means'],
      Object.entries(SITE_FINDINGS).map(([kind, meaning]) => [`\`${kind}\``, meaning]),
    ),
    '## Errors',
    'A wrong argument is a `TypeError` (shape) or a `RangeError` (range). Anything a caller may want to catch is a `StaticUrlError` with one of these codes:',
    table(
      ['`code`', 'means'],
      Object.entries(STATIC_URL_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    '',
  ].join('\n\n');
}

function commandSections(command: Command): string[] {
  if (command.commands.length > 0) return command.commands.flatMap((each) => commandSections(each));
  const parent = command.parent?.parent ? `${command.parent.name()} ` : '';
  const rows = command.options
    .filter((option) => !option.hidden)
    .map(({ flags, description, argChoices }) => [
      `\`${flags}\``,
      argChoices === undefined ? description : `${description} One of ${argChoices.join(', ')}.`,
    ]);
  return [
    `### static-url ${parent}${command.name()}`,
    command.description(),
    ...(command.registeredArguments.length > 0
      ? [
          table(
            ['argument', 'meaning'],
            command.registeredArguments.map((each) => [
              `\`${each.required ? `<${each.name()}>` : `[${each.name()}]`}\``,
              each.description,
            ]),
          ),
        ]
      : []),
    table(['flag', 'meaning'], rows),
  ];
}

function entrySection({ name, call, from, table: specs, flags, optional, note }: Entry): string[] {
  const rows = Object.entries(specs).map(([option, spec]) => [
    `\`${option}\``,
    optional && spec.required ? 'none' : defaultOf(spec),
    spec.help,
    ...(flags ? [spec.flag === undefined ? '' : `\`${spec.flag}\``] : []),
  ]);
  return [
    `### ${name}`,
    `\`${call}\` from \`${from}\`.${note === undefined ? '' : ` ${note}`}`,
    ...(rows.length > 0 ? [table(['option', 'default', 'meaning', ...(flags ? ['flag'] : [])], rows)] : []),
  ];
}

function defaultOf({ required, default: value, defaultText }: Spec<unknown>): string {
  if (required) return 'required';
  if (defaultText !== undefined) return defaultText;
  return value === undefined ? 'none' : `\`${JSON.stringify(value).replaceAll('"', "'")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
