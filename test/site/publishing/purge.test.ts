import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { invalidatedPaths } from '../../../src/site/publishing/cloudfront-purge.ts';
import { purgeUrls } from '../../../src/site/publishing/purge.ts';
import { purgedUrls } from '../../../src/site/publishing/purged-urls.ts';
import { PublishError } from '../../../src/site/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const URLS = ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'];

test('purgedUrls() names both forms of a page’s path and its file, each once', (t) => {
  const files = [
    { key: 'index.html', pagePath: '' },
    { key: 'about/index.html', pagePath: 'about/' },
    { key: 'ü b/index.html', pagePath: '%C3%BC%20b' },
    { key: 'a b.css' },
    { key: 'a b.css' },
  ];
  t.deepEqual(purgedUrls(files, 'https://a.example/docs/'), [
    'https://a.example/docs/index.html',
    'https://a.example/docs/',
    'https://a.example/docs/about/index.html',
    'https://a.example/docs/about',
    'https://a.example/docs/about/',
    'https://a.example/docs/%C3%BC%20b/index.html',
    'https://a.example/docs/%C3%BC%20b',
    'https://a.example/docs/%C3%BC%20b/',
    'https://a.example/docs/a%20b.css',
  ]);
});

test('purgeUrls() gives a command the URLs on its standard input, in batches', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'purged');
  const program = `
    const { appendFileSync, readFileSync } = require('node:fs');
    appendFileSync(process.argv[1], JSON.stringify(readFileSync(0, 'utf8')) + '\\n');`;
  const told: number[][] = [];
  await purgeUrls({ command: [process.execPath, '--eval', program, file], urlsAtOnce: 2 }, URLS, (...each) =>
    told.push(each),
  );
  const batches = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  t.deepEqual(batches, ['https://a.example/1\nhttps://a.example/2\n', 'https://a.example/3\n']);
  t.deepEqual(told, [
    [2, 3],
    [3, 3],
  ]);
});

test('purgeUrls() fails with a command that fails, cannot be run, or is ended', async (t) => {
  const failing = (...command: readonly [string, ...string[]]): Promise<void> =>
    purgeUrls({ command }, URLS, () => {});
  const node = process.execPath;
  const error = await t.throwsAsync(failing(node, '--eval', 'console.error("No token."); process.exit(3)'), {
    instanceOf: PublishError,
    code: 'PUBLISH_FAILED',
    message: /ended with 3.*No token\./,
  });
  t.is(error.step, 'purge');
  t.deepEqual(
    error.failures.map(({ key }) => key),
    URLS,
  );
  await t.throwsAsync(failing('no-such-program-here'), { message: /cannot be run \("ENOENT"\)/ });
  await t.throwsAsync(failing(node, '--eval', 'process.kill(process.pid, "SIGKILL")'), {
    message: /ended by "SIGKILL"/,
  });
});

test('purgeUrls() takes a command that does not read its input', async (t) => {
  const many = Array.from({ length: 900 }, (_, index) => `https://a.example/${'x'.repeat(2000)}${index}`);
  await t.notThrowsAsync(purgeUrls({ command: ['true'] }, many, () => {}));
});

test('purgeUrls() calls a function with all URLs, and tells its failure', async (t) => {
  const given: (readonly string[])[] = [];
  await purgeUrls(
    async (urls) => void given.push(urls),
    URLS,
    () => {},
  );
  t.deepEqual(given, [URLS]);
  await t.throwsAsync(
    purgeUrls(fail, URLS, () => {}),
    {
      code: 'PUBLISH_FAILED',
      message: /The CDN is away\..*Publish again/,
    },
  );
});

test('invalidatedPaths() makes one path of more than CloudFront takes', (t) => {
  t.deepEqual(
    invalidatedPaths(['https://a.example/a%20b', 'https://a.example/', 'https://a.example/a%20b?x']),
    ['/a%20b', '/'],
  );
  t.deepEqual(invalidatedPaths(manyBelow('docs/a/')), ['/docs/a/*']);
  t.deepEqual(invalidatedPaths([...manyBelow('docs/a/'), 'https://a.example/docs/b']), ['/docs/*']);
  t.deepEqual(invalidatedPaths([...manyBelow('docs/a/'), 'https://a.example/docs-of-others']), ['/*']);
});

async function fail(): Promise<void> {
  throw new Error('The CDN is away.');
}

function manyBelow(folder: string): string[] {
  return Array.from({ length: 3001 }, (_, index) => `https://a.example/${folder}${index}`);
}
