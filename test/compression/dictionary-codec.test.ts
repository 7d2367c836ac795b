import { randomBytes } from 'node:crypto';
import test from 'ava';
import { openDictionaryCodec, usesDictionary } from '../../src/compression/dictionary-codec.ts';

test('whatever the Node, there is a codec that makes use of a dictionary', async (t) => {
  t.true(usesDictionary(await openDictionaryCodec()));
});

test('a codec that takes a dictionary and ignores it is found out', async (t) => {
  const codec = await openDictionaryCodec();
  const nothing = Buffer.alloc(0);
  t.false(
    usesDictionary({
      compress: (content) => codec.compress(content, nothing),
      decompress: (frame) => codec.decompress(frame, nothing),
    }),
  );
});

test('openDictionaryCodec() may be called again and again, and each codec goes on', async (t) => {
  const bytes = randomBytes(20_000);
  const codecs = [];
  for (let count = 0; count < 5; count += 1) {
    codecs.push(await openDictionaryCodec());
    for (const codec of codecs)
      t.deepEqual(Buffer.from(codec.decompress(codec.compress(bytes, bytes), bytes)), bytes);
  }
});
