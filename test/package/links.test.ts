import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import test from 'ava';
import { headingIds, linkTargets, readPages } from './documentation.ts';

const CHECKOUT = new URL('../../', import.meta.url);

test('every relative link and every #id in the documentation leads somewhere', async (t) => {
  const pages = await readPages();
  let followed = 0;
  for (const { path, markdown } of pages) {
    for (const target of linkTargets(markdown)) {
      if (/^https?:/.test(target)) {
        t.true(URL.canParse(target), `${path}: ${target}`);
        continue;
      }
      followed += 1;
      const [file = '', id] = target.split('#');
      const to = file === '' ? path : posix.join(posix.dirname(path), file);
      const url = new URL(to, CHECKOUT);
      if (!existsSync(url)) {
        t.fail(`${path} links to ${target}, and there is no ${to}.`);
        continue;
      }
      if (id === undefined) continue;
      const ids = headingIds(await readFile(url, 'utf8'));
      if (!ids.has(id)) t.fail(`${path} links to ${target}, and ${to} has no heading of that id.`);
    }
  }
  t.true(followed > 50, 'the documentation has lost its links');
});

test('the README links to every page of the documentation', async (t) => {
  const [readme, ...pages] = await readPages();
  const linked = linkTargets(readme?.markdown ?? '').map((target) => target.split('#')[0]);
  t.deepEqual(
    pages.map(({ path }) => path).filter((path) => !linked.includes(path)),
    [],
  );
});

test('headingIds() gives the ids that GitHub gives', (t) => {
  t.deepEqual(
    [
      ...headingIds(
        '# Use it\n\n## 4. The deploy\n\n## `openAssets`\n\n## A [link](a.md), twice\n\n## Use it\n\n```sh\n# none\n```\n',
      ),
    ],
    ['use-it', '4-the-deploy', 'openassets', 'a-link-twice', 'use-it-1'],
  );
});
