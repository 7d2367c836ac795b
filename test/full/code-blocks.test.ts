import test from 'ava';
import { runPages } from '../package/code-blocks.ts';
import { readPages } from '../package/documentation.ts';

test('every block of code in the documentation beside the README type-checks and runs, page by page, where the package is installed', async (t) => {
  const pages = await readPages();
  const blocks = await runPages(
    t,
    pages.filter(({ path }) => path !== 'README.md'),
  );
  t.true(blocks > 30, 'the documentation has lost its code');
});
