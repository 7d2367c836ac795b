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
