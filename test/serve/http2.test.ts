import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { constants, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import test from 'ava';
import { descriptorsOf, failOnForgottenDescriptors, until } from '../helpers/descriptors.ts';
import { listenByHttp2 } from './http2-site.ts';
import { serveAssets, UNKNOWN_VERSION } from './serve-assets.ts';

const STREAMED = { memoryBudgetBytes: 0 };
const WAYS = [{}, STREAMED];
const MEGABYTE = 1024 * 1024;

const OF_THE_CONNECTION = [':status', 'date', 'connection', 'keep-alive'];
const comparable = (headers: IncomingHttpHeaders): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));

test('handler() answers over HTTP/2 as it does over HTTP/1.1', async (t) => {
  for (const options of WAYS) {
    const files = { 'app.css': 'a{}', 'empty.css': '', 'big.bin': randomBytes(MEGABYTE) };
    const { assets, get } = await serveAssets(t, files, options);
    const site = await listenByHttp2(t, assets.handler(options));
    const css = assets.url('app.css');
    const etag = String((await get(css)).headers.etag);
    const asked: readonly (readonly [path: string, headers?: Record<string, string>, method?: string])[] = [
      [css],
      [css, {}, 'HEAD'],
      [css, {}, 'POST'],
      [css, { 'if-none-match': etag }],
      [css, { 'if-match': '"other"' }],
      [css, { range: 'bytes=1-' }],
      [css, { range: 'bytes=9-' }],
      [assets.url('empty.css')],
      [assets.url('big.bin')],
      [assets.url('big.bin'), { range: `bytes=1000-${MEGABYTE - 1000}` }],
      [assets.url('big.bin'), {}, 'HEAD'],
      ['/static/app.css'],
      [`/static/${UNKNOWN_VERSION}/app.css`],
      [`/static/${UNKNOWN_VERSION}/none.css`],
      [`/static/${UNKNOWN_VERSION}/none.css`, {}, 'HEAD'],
      ['/static/%zz'],
    ];
    for (const [path, headers, method = 'GET'] of asked) {
      const one = await get(path, headers, method);
      const two = await site.get(path, { ...headers, ':method': method });
      const claim = `${method} ${path} ${JSON.stringify(headers)}`;
      t.is(two.code, constants.NGHTTP2_NO_ERROR, claim);
      t.is(Number(two.headers[':status']), one.status, claim);
      t.deepEqual(comparable(two.headers), comparable(one.headers), claim);
      t.true(two.body.equals(one.body), claim);
    }
  }
});

test('handler() sends many big files at once over one connection of HTTP/2, each whole', async (t) => {
  for (const options of WAYS) {
    const content = randomBytes(MEGABYTE / 2);
    const { assets } = await serveAssets(t, { 'big.bin': content }, options);
    const { get } = await listenByHttp2(t, assets.handler(options));
    const answers = await Promise.all(Array.from({ length: 100 }, () => get(assets.url('big.bin'))));
    for (const { code, body } of answers) {
      t.is(code, constants.NGHTTP2_NO_ERROR);
      t.true(body.equals(content));
    }
  }
});

test.serial('handler() leaves nothing behind of streams that their client has closed', async (t) => {
  failOnForgottenDescriptors(t);
  for (const options of WAYS) {
    const { assets, root } = await serveAssets(
      t,
      { 'app.css': 'a{}', 'big.bin': Buffer.alloc(MEGABYTE) },
      options,
    );
    const { get, start } = await listenByHttp2(t, assets.handler(options));
    const streams = await Promise.all(Array.from({ length: 100 }, () => start(assets.url('big.bin'))));
    for (const stream of streams) stream.cancel();
    await until(async () => (await descriptorsOf(join(root, 'big.bin'))) === 0);
    const { code, body } = await get(assets.url('app.css'));
    t.is(code, constants.NGHTTP2_NO_ERROR, 'the connection has room for new streams');
    t.is(String(body), 'a{}');
  }
});

test.serial('handler() adds no more listeners to a stream the longer its body is', async (t) => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  for (const options of WAYS) {
    const { assets } = await serveAssets(t, { 'big.bin': Buffer.alloc(8 * MEGABYTE) }, options);
    const { get } = await listenByHttp2(t, assets.handler(options));
    t.is((await get(assets.url('big.bin'))).body.length, 8 * MEGABYTE);
  }
  t.deepEqual(warnings, []);
});

test('handler() closes a stream with an error when its file changes while it is sent', async (t) => {
  const { assets, root } = await serveAssets(t, { 'big.bin': Buffer.alloc(MEGABYTE) }, STREAMED);
  const { start } = await listenByHttp2(t, assets.handler(STREAMED));
  const stream = await start(assets.url('big.bin'));
  await truncate(join(root, 'big.bin'), MEGABYTE - 1);
  const { code, body } = await stream.read();
  t.true(body.length < MEGABYTE);
  t.is(code, constants.NGHTTP2_INTERNAL_ERROR, 'or browsers would take the part for the whole');
});
