import test from 'ava';
import { runPages } from './code-blocks.ts';
import { readPage } from './documentation.ts';

// The other pages are in test/full.
test('every block of code in the README type-checks and runs where the package is installed', async (t) => {
  const blocks = await runPages(t, [await readPage('README.md')]);
  t.true(blocks > 5, 'the README has lost its code');
});
