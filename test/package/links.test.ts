import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import test from 'ava';
import { headingIds, linkTargets, readPages } from './documentation.ts';

const CHECKOUT = new URL('../../', import.meta.url);

test('every relative link and every #id in the documentation leads somewhere', async (t) => {
  const pages = await readPages();
  const broken: string[] = [];
  let followed = 0;
  for (const { path, markdown } of pages) {
    for (const target of linkTargets(markdown)) {
      followed += 1;
      if (!(await isFound(path, target))) broken.push(`${path}: ${target}`);
    }
  }
  t.deepEqual(broken, []);
  t.true(followed > 50, 'the documentation has lost its links');
});

test('the README links to every page of the documentation, and "publish" to those of the hosts', async (t) => {
  const [readme, ...pages] = await readPages();
  const publish = pages.find(({ path }) => path === 'docs/publish.md');
  const linked = [
    ...linkTargets(readme?.markdown ?? ''),
    ...linkTargets(publish?.markdown ?? '').map((target) => `docs/${target}`),
  ].map((target) => target.split('#')[0]);
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

/** Whether a file is where a page's link leads, with the heading it names. Of other sites only the shape counts. */
async function isFound(path: string, target: string): Promise<boolean> {
  if (/^https?:/.test(target)) return URL.canParse(target);
  const [file = '', id] = target.split('#');
  const url = new URL(file === '' ? path : posix.join(posix.dirname(path), file), CHECKOUT);
  return existsSync(url) && (id === undefined || headingIds(await readFile(url, 'utf8')).has(id));
}
