import test from 'ava';
import { compareWithTokens } from '../assets/references/tokenized-css.ts';

test('findCssReferences() agrees with all tokens of 20,000 texts', (t) => {
  compareWithTokens(t, 20_000);
});
