import test from 'ava';
import { encodeAssetName } from '../../src/assets/index.ts';
import { LITERAL_NAME_PATTERN, useAsDictionary } from '../../src/http/dictionaries.ts';

test('LITERAL_NAME_PATTERN matches just the characters that stand for themselves in URLs and in what useAsDictionary() says', (t) => {
  const literal = new RegExp(`^${LITERAL_NAME_PATTERN}$`);
  const ascii = Array.from({ length: 0x80 }, (_, code) => String.fromCodePoint(code));
  for (const character of [...ascii, 'ü', '…', '😀']) {
    const said = useAsDictionary('/', encodeAssetName(character));
    t.is(literal.test(character), said === `match="/:version/${character}"`, JSON.stringify(character));
  }
});
