import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { referencePage } from '../../docs/reference.ts';
import { ASSETS_OPTIONS, CHECK_OPTIONS, TAG_OPTIONS } from '../../src/assets/options.ts';
import { VERSION_OPTIONS } from '../../src/cli/version-options.ts';
import { CONFIG_OPTIONS } from '../../src/config/options.ts';
import type { AnyTable } from '../../src/core/options.ts';
import { DEV_ROUTER_OPTIONS, LIVE_RELOAD_OPTIONS } from '../../src/express/options.ts';
import {
  PAGES_LOCATION_OPTIONS,
  RELEASES_OPTIONS,
  SITE_SERVER_OPTIONS,
  STATIC_OPTIONS,
} from '../../src/nginx/options.ts';
import { FILE_STORE_OPTIONS } from '../../src/pages/file-store/options.ts';
import { MEMCACHED_STORE_OPTIONS } from '../../src/pages/memcached-store/options.ts';
import {
  DELETE_OPTIONS,
  GATE_OPTIONS,
  PAGES_OPTIONS,
  PRELOAD_OPTIONS,
  PUBLISH_OPTIONS,
  RENEW_OPTIONS,
  VERIFY_OPTIONS,
} from '../../src/pages/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../../src/releases/options.ts';
import { HANDLER_OPTIONS } from '../../src/serve/options.ts';
import { EXPORT_OPTIONS, SITE_OPTIONS, SITE_PUBLISH_OPTIONS } from '../../src/site/options.ts';
import { ROUTE_OPTIONS } from '../../src/site/routes/route.ts';
import { AZURE_TARGET_OPTIONS } from '../../src/site/targets/azure/options.ts';
import { DIRECTORY_TARGET_OPTIONS } from '../../src/site/targets/directory/options.ts';
import { GCS_TARGET_OPTIONS } from '../../src/site/targets/gcs/options.ts';
import { S3_TARGET_OPTIONS } from '../../src/site/targets/s3/options.ts';
import { CONTENT_OPTIONS, FILE_OPTIONS, GIT_OPTIONS, NOW_OPTIONS } from '../../src/version/options.ts';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));

test('docs/reference.md is what the tables of the code give (npm run generate writes it anew)', (t) => {
  t.is(readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8'), referencePage());
});

/** Each table, and the interfaces whose options it has. */
const TABLES: Readonly<Record<string, readonly [table: AnyTable, interfaces: readonly string[]]>> = {
  ASSETS_OPTIONS: [
    ASSETS_OPTIONS,
    ['AssetsOptions', 'FingerprintOptions', 'DotfileOptions', 'PollingOptions'],
  ],
  CHECK_OPTIONS: [CHECK_OPTIONS, ['CheckOptions', 'SourceOptions', 'FingerprintOptions', 'DotfileOptions']],
  RELEASE_OPTIONS: [
    RELEASE_OPTIONS,
    ['ReleaseOptions', 'SourceOptions', 'FingerprintOptions', 'DotfileOptions'],
  ],
  PRUNE_OPTIONS: [PRUNE_OPTIONS, ['PruneOptions']],
  TAG_OPTIONS: [TAG_OPTIONS, ['AssetTagsOptions']],
  HANDLER_OPTIONS: [HANDLER_OPTIONS, ['AssetsHandlerOptions', 'AnswerOptions']],
  DEV_ROUTER_OPTIONS: [DEV_ROUTER_OPTIONS, ['DevStaticRouterOptions', 'DotfileOptions']],
  LIVE_RELOAD_OPTIONS: [LIVE_RELOAD_OPTIONS, ['LiveReloadSettings', 'PollingOptions']],
  STATIC_OPTIONS: [
    STATIC_OPTIONS,
    ['StaticLocationOptions', 'LocationOptions', 'AnswerOptions', 'DotfileOptions'],
  ],
  RELEASES_OPTIONS: [
    RELEASES_OPTIONS,
    ['ReleasesLocationOptions', 'LocationOptions', 'AnswerOptions', 'DotfileOptions'],
  ],
  SITE_OPTIONS: [SITE_OPTIONS, ['SiteOptions', 'SiteFilesOptions', 'SiteRenderingOptions']],
  ROUTE_OPTIONS: [ROUTE_OPTIONS, ['RouteOptions']],
  EXPORT_OPTIONS: [EXPORT_OPTIONS, ['ExportOptions']],
  SITE_PUBLISH_OPTIONS: [SITE_PUBLISH_OPTIONS, ['site/publishing/PublishOptions']],
  S3_TARGET_OPTIONS: [S3_TARGET_OPTIONS, ['S3TargetOptions', 'BucketOptions']],
  GCS_TARGET_OPTIONS: [GCS_TARGET_OPTIONS, ['GcsTargetOptions', 'BucketOptions']],
  DIRECTORY_TARGET_OPTIONS: [DIRECTORY_TARGET_OPTIONS, ['DirectoryTargetOptions']],
  AZURE_TARGET_OPTIONS: [AZURE_TARGET_OPTIONS, ['AzureTargetOptions', 'BucketOptions']],
  NOW_OPTIONS: [NOW_OPTIONS, ['TimeOptions']],
  FILE_OPTIONS: [FILE_OPTIONS, ['StaticUrlFileOptions', 'TimeOptions']],
  GIT_OPTIONS: [GIT_OPTIONS, ['StaticUrlGitOptions']],
  CONTENT_OPTIONS: [CONTENT_OPTIONS, ['DotfileOptions']],
  VERSION_OPTIONS: [VERSION_OPTIONS, ['VersionOptions']],
  SITE_SERVER_OPTIONS: [SITE_SERVER_OPTIONS, ['SiteServerOptions']],
  PAGES_LOCATION_OPTIONS: [PAGES_LOCATION_OPTIONS, ['PagesLocationOptions', 'GateOptions']],
  GATE_OPTIONS: [GATE_OPTIONS, ['GateOptions']],
  PAGES_OPTIONS: [PAGES_OPTIONS, ['PagesOptions', 'GateOptions', 'PageRenderOptions']],
  MEMCACHED_STORE_OPTIONS: [MEMCACHED_STORE_OPTIONS, ['MemcachedStoreOptions']],
  FILE_STORE_OPTIONS: [FILE_STORE_OPTIONS, ['FileStoreOptions']],
  PRELOAD_OPTIONS: [PRELOAD_OPTIONS, ['PreloadedViewOptions']],
  PUBLISH_OPTIONS: [PUBLISH_OPTIONS, ['pages/PublishOptions']],
  RENEW_OPTIONS: [RENEW_OPTIONS, ['RenewOptions']],
  DELETE_OPTIONS: [DELETE_OPTIONS, ['DeleteOptions']],
  VERIFY_OPTIONS: [VERIFY_OPTIONS, ['VerifyOptions']],
  CONFIG_OPTIONS: [
    CONFIG_OPTIONS,
    [
      'StaticUrlConfig',
      'ReleaseOptions',
      'SourceOptions',
      'FingerprintOptions',
      'PruneOptions',
      'StaticLocationOptions',
      'ReleasesLocationOptions',
      'LocationOptions',
      'AnswerOptions',
      'DotfileOptions',
    ],
  ],
};

/** Said of all options that are those of serve-static. */
const PASSED_ON = 'Of serve-static.';

/** The docstrings' first sentences, by interface and property. */
function firstSentences(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const file of files) {
    const text = readFileSync(join(SOURCE, file), 'utf8');
    for (const [, name = '', body = ''] of text.matchAll(
      /^(?:export )?interface (\w+)[^{]*\{\n([^]*?)\n\}/gm,
    )) {
      const properties = body.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\n {2}(?:readonly )?(\w+)\??:/g);
      const sentences = new Map(
        [...properties].map(([, comment = '', property = '']) => [property, firstSentence(comment)]),
      );
      // Two rooms may have one of the same name.
      found.set(name, sentences).set(`${dirname(file)}/${name}`, sentences);
    }
  }
  return found;
}

function firstSentence(comment: string): string {
  const text = comment
    .replaceAll(/^\s*\*/gm, '')
    .replaceAll('`', '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}

test('each help text is the first sentence of its docstring', (t) => {
  const sentences = firstSentences();
  for (const [name, [table, interfaces]] of Object.entries(TABLES)) {
    for (const [option, { help }] of Object.entries(table)) {
      if (help === PASSED_ON) continue;
      const said = interfaces
        .map((each) => sentences.get(each)?.get(option))
        .find((each) => each !== undefined);
      t.is(help.replaceAll('`', ''), said as string, `${name}.${option}`);
    }
  }
});

test('each table of options is compared', (t) => {
  const tables = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(join(SOURCE, name), 'utf8').matchAll(/^export const (\w+_OPTIONS)\b/gm),
    ])
    .map(([, name = '']) => name);
  const parts = [
    'ANSWER_OPTIONS',
    'BUCKET_OPTIONS',
    'DOTFILE_OPTIONS',
    'FINGERPRINT_OPTIONS',
    'LOCATION_OPTIONS',
    'PAGE_RENDER_OPTIONS',
    'POLLING_OPTIONS',
    'SITE_FILES_OPTIONS',
    'SITE_RENDERING_OPTIONS',
    'SOURCE_OPTIONS',
  ];
  t.deepEqual(tables.filter((name) => !parts.includes(name)).toSorted(), Object.keys(TABLES).toSorted());
});
