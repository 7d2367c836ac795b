import test from 'ava';
import { decodeText } from '../../../src/assets/references/source-text.ts';

const TEXT = '@import "grüße.css";';

test('decodeText() reads UTF-8, with and without a byte order mark', (t) => {
  t.is(decodeText(Buffer.from(TEXT)), TEXT);
  t.is(decodeText(Buffer.from(`\u{FEFF}${TEXT}`)), TEXT);
  t.is(decodeText(Buffer.alloc(0)), '');
});

test('decodeText() reads UTF-16 by its byte order mark, in both orders', (t) => {
  const bytes = Buffer.from(`\u{FEFF}${TEXT}`, 'utf16le');
  t.is(decodeText(bytes), TEXT);
  t.is(decodeText(Buffer.from(bytes).swap16()), TEXT);
  t.is(decodeText(Buffer.concat([Buffer.from(bytes).swap16(), Buffer.from([0])])), TEXT);
});

test('decodeText() agrees with the Encoding Standard for bytes that are no UTF-8', (t) => {
  const latin1 = Buffer.from('@charset "latin1"; a{b:url(grüße.png)}', 'latin1');
  t.is(decodeText(latin1), new TextDecoder().decode(latin1));
});
