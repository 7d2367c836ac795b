import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { framingOf } from '../../src/compression/delta-framing.ts';
import { holdsDelta } from '../../src/compression/delta.ts';
import { settle } from '../../src/files/file-signature.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { startDownload } from '../helpers/download.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { dictionaryCodec, placeDelta, putDelta } from '../helpers/place-delta.ts';
import { request } from '../helpers/request.ts';
import { runProgram } from '../helpers/run-node.ts';
import { folderOf, NEWER, OLDER, serveDeltas } from './delta-site.ts';
import { listenByHttp2 } from './http2-site.ts';
import { serveRoot, UNKNOWN_VERSION, YEAR } from './serve-assets.ts';

const DELTAS = { deltas: true };
const STREAMED = { deltas: true, memoryBudgetBytes: 0 };
const VARY = 'Accept-Encoding, Available-Dictionary';
const USE = 'match="/static/:version/app.js"';

/** What an answer says of its body alone, and what is of the moment. */
const OF_THE_BODY = ['content-length', 'content-encoding', 'etag', 'date'];
const ofTheFile = (headers: IncomingHttpHeaders): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_BODY.includes(name)));

const available = (text: string): string => `:${createHash('sha256').update(text).digest('base64')}:`;
const icon = (title: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg"><title>${title}</title>${'<g/>'.repeat(500)}</svg>`;

for (const source of ['manifest', 'roots'] as const) {
  for (const options of [DELTAS, STREAMED]) {
    test(`handler(${JSON.stringify(options)}) of ${source} sends a client that has an older version the delta, with the headers of the file`, async (t) => {
      const all = { ...options, cors: true, headers: { 'X-A': 'b' } };
      const { get, path, delta } = await serveDeltas(t, all, source);
      const whole = await get(path);
      t.is(String(whole.body), NEWER);
      t.like(whole.headers, {
        'cache-control': YEAR,
        vary: VARY,
        'use-as-dictionary': USE,
        'x-a': 'b',
        'access-control-allow-origin': '*',
      });
      for (let count = 0; count < 2; count += 1) {
        const { status, headers, body } = await get(path, delta.asking);
        t.is(status, 200);
        t.deepEqual(body, delta.bytes);
        t.true(holdsDelta(body, Buffer.from(OLDER), Buffer.from(NEWER), await dictionaryCodec()));
        t.deepEqual(ofTheFile(headers), ofTheFile(whole.headers));
        t.is(headers['content-encoding'], 'dcz');
        t.is(headers['content-length'], String(delta.bytes.length));
        t.regex(headers.etag ?? '', /^"[\da-f]{16}-dcz"$/);
        const head = await get(path, delta.asking, 'HEAD');
        t.is(head.body.length, 0);
        t.deepEqual({ ...head.headers, date: '' }, { ...headers, date: '' });
      }
    });
  }
}

test('handler({ deltas: true }) sends the delta that a release has made', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.js': OLDER });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  const release = { roots: join(folder, 'public'), releases, manifest, deltas: true };
  await writeRelease(release);
  await writeFile(join(folder, 'public/app.js'), NEWER);
  await writeRelease(release);
  const { assets, get } = await serveRoot(t, folder, DELTAS, { manifest, releases });
  const asking = { 'available-dictionary': available(OLDER), 'accept-encoding': 'dcz' };
  const { headers, body } = await get(assets.url('app.js'), asking);
  t.is(headers['content-encoding'], 'dcz');
  t.true(holdsDelta(body, Buffer.from(OLDER), Buffer.from(NEWER), await dictionaryCodec()));
});

test('handler({ deltas: true }) sends the delta of a release that was written after it was opened', async (t) => {
  for (const options of [DELTAS, STREAMED]) {
    const { folder, releases, root, get } = await serveDeltas(t, options);
    const [newest, manifest] = [`${NEWER}const newest = 2;\n`, join(folder, 'newest.json')];
    await writeFile(join(root, 'app.js'), newest);
    await writeRelease({ roots: root, releases, manifest });
    const next = await openAssets({ prefix: '/static/', manifest, releases });
    const path = next.url('app.js');
    const { bytes, asking } = await placeDelta(folderOf(releases, path), 'app.js', NEWER, newest);
    t.is(String((await get(path)).body), newest);
    const { headers, body } = await get(path, asking);
    t.deepEqual([headers['content-encoding'], headers['cache-control']], ['dcz', YEAR]);
    t.deepEqual(body, bytes);
  }
});

test('handler({ deltas: true }) sends the delta of the fingerprint by which an asset is asked for', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/app.css': 'a { background: url(icon.svg) }',
    'public/icon.svg': icon('new'),
  });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await writeRelease({ roots: join(folder, 'public'), releases, manifest });
  const { assets, get } = await serveRoot(t, folder, DELTAS, { manifest, releases });
  const [own, reached] = [assets.url('icon.svg'), assets.url('icon.svg', { from: 'app.css' })];
  t.not(own, reached);
  const { asking, bytes } = await placeDelta(
    folderOf(releases, reached),
    'icon.svg',
    icon('old'),
    icon('new'),
  );
  t.deepEqual((await get(reached, asking)).body, bytes);
  t.is(String((await get(own, asking)).body), icon('new'));
});

test('handler({ deltas: true }) answers as without a dictionary whatever asks for no delta, or not for one that is there', async (t) => {
  for (const options of [DELTAS, STREAMED]) {
    const { get, path, delta } = await serveDeltas(t, options);
    const dictionary = delta.asking['available-dictionary'] ?? '';
    const { etag = '', 'last-modified': modified = '' } = (await get(path)).headers;
    const otherwise: readonly Record<string, string>[] = [
      ...['gzip, br', 'dcz;q=0', 'br, dcz;q=0.000', 'xdcz', 'dcz-x', 'dcb', '*', ''].map((accepted) => ({
        'accept-encoding': accepted,
      })),
      ...[
        available('unknown'),
        available('other();'),
        '',
        '::',
        `:${'A'.repeat(42)}=:`,
        `:${'A'.repeat(44)}=:`,
        `:${'../'.repeat(14)}a=:`,
        dictionary.slice(1, -1),
        `"${dictionary}"`,
        `${dictionary}, ${dictionary}`,
        `${dictionary};a=1`,
        dictionary.toUpperCase(),
      ].map((header) => ({ 'available-dictionary': header })),
      ...['bytes=0-9', 'bytes=9-', 'bytes=999999-', 'lines=1-2'].map((range) => ({ range })),
      { range: 'bytes=0-9', 'if-range': etag },
      { 'if-none-match': etag },
      { 'if-none-match': '"other"' },
      { 'if-match': etag },
      { 'if-match': '"other"' },
      { 'if-modified-since': modified },
      { 'if-unmodified-since': modified },
    ];
    for (const headers of otherwise) {
      const asked = { ...delta.asking, ...headers };
      const { 'available-dictionary': _dictionary, ...plain } = asked;
      for (const method of ['GET', 'HEAD']) {
        const [one, two] = [await get(path, asked, method), await get(path, plain, method)];
        t.deepEqual({ ...one.headers, date: '' }, { ...two.headers, date: '' }, JSON.stringify(headers));
        t.is(one.status, two.status, JSON.stringify(headers));
        t.true(one.body.equals(two.body), JSON.stringify(headers));
        t.not(one.headers['content-encoding'], 'dcz', JSON.stringify(headers));
      }
    }
    for (const accepted of ['dcz', 'DCZ', 'dcz;q=0.5', 'br , dcz ; q=0.001, gzip', 'dcb,dcz;q=1.000'])
      t.deepEqual((await get(path, { ...delta.asking, 'accept-encoding': accepted })).body, delta.bytes);
  }
});

test('handler({ deltas: true }) says of every answer under a known version what it depends on, and of no other', async (t) => {
  for (const options of [DELTAS, STREAMED]) {
    const { get, path, delta, assets } = await serveDeltas(t, options);
    const { etag = '' } = (await get(path)).headers;
    for (const [status, headers] of [
      [200, {}],
      [206, { range: 'bytes=0-9' }],
      [304, { 'if-none-match': etag }],
    ] as const) {
      const answer = await get(path, headers);
      t.deepEqual([answer.status, answer.headers['vary']], [status, VARY]);
      t.is(answer.headers['use-as-dictionary'], status === 206 ? undefined : USE, 'a part is none');
    }
    t.is((await get(assets.url('other.js'))).headers['vary'], VARY, 'without a compressed copy too');
    for (const other of ['/static/app.js', `/static/${UNKNOWN_VERSION}/app.js`]) {
      for (const headers of [{}, delta.asking]) {
        const answer = await get(other, headers);
        t.is(answer.status, 200);
        t.is(answer.headers['vary'], 'Accept-Encoding', other);
        t.is(answer.headers['use-as-dictionary'], undefined, other);
        t.not(answer.headers['content-encoding'], 'dcz');
      }
    }
  }
});

test("handler({ unknownVersion: 'not-found', deltas: true }) sends nothing for a version that has but a delta", async (t) => {
  const options = { ...DELTAS, unknownVersion: 'not-found' } as const;
  const { get, releases, delta } = await serveDeltas(t, options);
  await placeDelta(join(releases, UNKNOWN_VERSION), 'app.js', OLDER, NEWER);
  t.is((await get(`/static/${UNKNOWN_VERSION}/app.js`, delta.asking)).status, 404);
});

test('handler({ deltas: true }) sends no delta of a file that it would not send to be kept', async (t) => {
  const { get, path, root, releases, delta } = await serveDeltas(t, STREAMED, 'roots');
  await writeFile(join(root, 'app.js'), OLDER);
  t.deepEqual((await get(path, delta.asking)).body, delta.bytes, 'the release has it');
  await rm(join(folderOf(releases, path), 'app.js'));
  const { headers, body } = await get(path, delta.asking);
  t.deepEqual([headers['cache-control'], String(body)], ['no-store', OLDER]);
});

test('handler({ deltas: true }) names the dictionary of a name that a pattern can say, and of no other', async (t) => {
  const names = ['a b.js', 'grüße.js', '(1)+{2}*?.js', "it's.js", 'a:b.js'];
  const folder = await temporaryFolder(
    t,
    Object.fromEntries(names.map((name) => [`public/${name}`, 'content();'])),
  );
  const releases = join(folder, 'releases');
  const { assets, get } = await serveRoot(t, folder, DELTAS, { releases });
  const said = await Promise.all(
    names.map(async (name) => (await get(assets.url(name))).headers['use-as-dictionary']),
  );
  t.deepEqual(said, [
    'match="/static/:version/a%20b.js"',
    'match="/static/:version/gr%C3%BC%C3%9Fe.js"',
    String.raw`match="/static/:version/\\(1\\)\\+%7B2%7D\\*%3F.js"`,
    `match="/static/:version/it's.js"`,
    undefined,
  ]);
});

test('handler({ deltas: true }) without a releases folder is as without the option', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.js': NEWER });
  const [one, two] = [await serveRoot(t, folder, DELTAS), await serveRoot(t, folder)];
  const path = one.assets.url('app.js');
  const asking = { 'available-dictionary': `:${'A'.repeat(43)}=:`, 'accept-encoding': 'dcz' };
  const [answer, expected] = [await one.get(path, asking), await two.get(path, asking)];
  t.deepEqual({ ...answer.headers, date: '' }, { ...expected.headers, date: '' });
  t.is(answer.headers['vary'], undefined);
  t.is(answer.headers['use-as-dictionary'], undefined);
});

test('handler() without deltas knows nothing of them', async (t) => {
  for (const options of [{}, { memoryBudgetBytes: 0 }]) {
    const { get, path, delta } = await serveDeltas(t, options);
    const { headers } = await get(path, delta.asking);
    t.is(headers['content-encoding'], 'br');
    t.is(headers['vary'], 'Accept-Encoding');
    t.is(headers['use-as-dictionary'], undefined);
  }
});

/** What may become of a delta, or stand in its place. */
const SPOILED: Readonly<Record<string, (file: string, folder: string) => Promise<unknown>>> = {
  removed: (file) => rm(file),
  'cut short': (file) => truncate(file, 60),
  emptied: (file) => truncate(file),
  'replaced by a part of it with its time': async (file) => {
    await replaceAsCopied(file, (await readFile(file)).subarray(0, -1));
  },
  'replaced by other bytes with its time': async (file) => {
    await replaceAsCopied(file, (await readFile(file)).fill('x', 60));
  },
  'given another time': (file) => utimes(file, new Date(), new Date()),
  'of another dictionary': async (file, folder) => {
    const other = await placeDelta(join(folder, 'other'), 'app.js', `${OLDER}//`, NEWER);
    await cp(other.file, file, { preserveTimestamps: true });
  },
  'a folder': async (file) => {
    await rm(file);
    await mkdir(file);
  },
  'a pipe': async (file) => {
    await rm(file);
    await runProgram('mkfifo', [file]);
  },
  'a link out of the folder': async (file, folder) => {
    await rename(file, join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), file);
  },
  'a link to itself': async (file) => {
    await rm(file);
    await symlink(file, file);
  },
  'a file that cannot be read': async (file) => {
    await rm(file);
    await symlink('/proc/self/mem', file);
  },
  'in a folder that is a file': async (file) => {
    await rm(dirname(file), { recursive: true });
    await writeFile(dirname(file), 'a file');
  },
};

/** As programs do that copy files with their times. */
async function replaceAsCopied(file: string, bytes: Buffer): Promise<void> {
  const { mtime } = await stat(file);
  await writeFile(`${file}.next`, bytes);
  await utimes(`${file}.next`, mtime, mtime);
  await rename(`${file}.next`, file);
}

for (const [what, spoil] of Object.entries(SPOILED)) {
  test(`handler({ deltas: true }) sends the file where its delta is ${what}`, async (t) => {
    for (const [options, isKnown] of [
      [DELTAS, false],
      [STREAMED, false],
      [STREAMED, true],
    ] as const) {
      const { get, path, folder, delta } = await serveDeltas(t, { ...options, symlinks: linksFor(what) });
      const plain = await get(path, { 'accept-encoding': 'br' });
      if (isKnown) t.deepEqual((await get(path, delta.asking)).body, delta.bytes);
      await spoil(delta.file, folder);
      for (let count = 0; count < 2; count += 1) {
        const { status, headers, body } = await get(path, delta.asking);
        t.is(status, 200);
        t.deepEqual({ ...headers, date: '' }, { ...plain.headers, date: '' });
        t.deepEqual(body, plain.body);
      }
    }
  });
}

test('handler({ deltas: true }) sends a short delta from memory, whatever becomes of its file', async (t) => {
  const { get, path, delta } = await serveDeltas(t);
  t.deepEqual((await get(path, delta.asking)).body, delta.bytes);
  await writeFile(delta.file, 'other bytes');
  t.deepEqual((await get(path, delta.asking)).body, delta.bytes);
});

test('handler({ deltas: true }) looks at the disk again for deltas that memory has no room for', async (t) => {
  const options = { deltas: true, memoryBudgetBytes: 16 * 110 };
  const { delta: one, path, get, releases } = await serveDeltas(t, options);
  const other = await placeDelta(folderOf(releases, path), 'app.js', `// ${OLDER}`, NEWER);
  const lengths = [one, other].map(({ bytes }) => bytes.length);
  t.true(
    lengths.every((length) => length > 55 && length <= 110),
    'there is room for either',
  );
  for (let count = 0; count < 3; count += 1)
    for (const { asking, bytes } of [one, other]) t.deepEqual((await get(path, asking)).body, bytes);
  await rm(other.file);
  t.deepEqual((await get(path, other.asking)).body, other.bytes);
  t.deepEqual((await get(path, one.asking)).body, one.bytes);
  t.is((await get(path, other.asking)).headers['content-encoding'], 'br');
});

/** Only where links are followed is one opened that leads to what cannot be read. */
function linksFor(what: string): 'follow' | 'inside' {
  return what === 'a file that cannot be read' ? 'follow' : 'inside';
}

test('handler({ deltas: true }) sends a delta after somebody has asked for it with slashes in other places', async (t) => {
  for (const options of [DELTAS, STREAMED]) {
    const { get, path, releases } = await serveDeltas(t, options);
    const olders = Array.from({ length: 100_000 }, (_, number) => `${OLDER}${number}`);
    const older = olders.find((text) => /[^/]\/\/[^/]+\/[^/]/.test(available(text))) ?? '';
    const { asking, bytes } = await placeDelta(folderOf(releases, path), 'app.js', older, NEWER);
    await settle();
    // On the disk both are one path.
    const moved = available(older).replace(/\/\/([^/]+)\//, '/$1//');
    t.not((await get(path, { ...asking, 'available-dictionary': moved })).headers['content-encoding'], 'dcz');
    t.deepEqual((await get(path, asking)).body, bytes);
    t.not((await get(path, { ...asking, 'available-dictionary': moved })).headers['content-encoding'], 'dcz');
  }
});

test('handler({ deltas: true }) sends a delta again that was taken away and has come back', async (t) => {
  const { get, path, delta, folder } = await serveDeltas(t);
  const kept = join(folder, 'kept');
  await rename(delta.file, kept);
  t.is((await get(path, delta.asking)).headers['content-encoding'], 'br');
  await rename(kept, delta.file);
  t.deepEqual((await get(path, delta.asking)).body, delta.bytes);
});

test('handler({ deltas: true }) breaks off a delta that is written over while it is sent, and ends one that is replaced', async (t) => {
  const { url, releases, path } = await serveDeltas(t);
  // More than the system's buffers hold.
  const digest = createHash('sha256').update(OLDER).digest();
  const bytes = Buffer.concat([framingOf(digest), Buffer.alloc(32 * 1024 * 1024, 'x')]);
  const big = { dictionary: digest.toString('base64'), bytes };
  const delta = await putDelta(folderOf(releases, path), 'app.js', big);

  const replaced = await startDownload(url, path, delta.asking);
  t.is(replaced.headers['content-encoding'], 'dcz');
  await replaceAsCopied(delta.file, delta.bytes);
  const { isComplete, body } = await replaced.read();
  t.true(isComplete);
  t.true(body.equals(delta.bytes));

  const writtenOver = await startDownload(url, path, delta.asking);
  t.is(writtenOver.headers['content-encoding'], 'dcz');
  const file = await open(delta.file, 'r+');
  await file.write('y', delta.bytes.length - 1);
  await file.close();
  t.false((await writtenOver.read()).isComplete);
});

test('handler({ deltas: true }) sends deltas over HTTP/2 as it does over HTTP/1.1', async (t) => {
  for (const options of [DELTAS, STREAMED]) {
    const { assets, get, path, delta } = await serveDeltas(t, options);
    const site = await listenByHttp2(t, assets.handler(options));
    for (const method of ['GET', 'HEAD']) {
      const one = await get(path, delta.asking, method);
      const two = await site.get(path, { ...delta.asking, ':method': method });
      t.deepEqual(two.body, one.body);
      t.is(two.headers['content-encoding'], 'dcz');
      for (const name of ['etag', 'vary', 'use-as-dictionary', 'content-length', 'cache-control'])
        t.is(two.headers[name], one.headers[name]);
    }
  }
});

test('handler({ deltas: true }) keeps what middleware varies by', async (t) => {
  const { assets, path, delta } = await serveDeltas(t);
  const handler = assets.handler(DELTAS);
  const { url } = await listen(t, (incoming, response) => {
    response.setHeader('Vary', 'Origin');
    handler(incoming, response);
  });
  for (const headers of [{}, delta.asking])
    t.is((await request(url, path, { headers })).headers['vary'], `Origin, ${VARY}`);
});
