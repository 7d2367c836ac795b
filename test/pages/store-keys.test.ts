import test from 'ava';
import { createPages, fileStore, type PageKey } from '../../src/pages.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const SITE = 'http://www.example.com';

test('createPages() asks the store which keys it takes, as a method of it', async (t) => {
  const store = Object.assign(fileStore({ folder: await temporaryFolder(t) }), {
    longest: 6,
    takesKey({ target }: PageKey): boolean {
      return target.length <= this.longest;
    },
  });
  const pages = createPages({
    sites: [SITE],
    urls: ['/*rest'],
    store,
    app: (_request, response) => void response.setHeader('Content-Type', 'text/html').end('<h1>page</h1>'),
  });
  t.teardown(() => pages.close());
  const { results } = await pages.publish(['/short', '/longer']);
  const codes = Object.fromEntries(results.map(({ url, code }) => [new URL(url, SITE).pathname, code]));
  t.deepEqual(codes, { '/short': undefined, '/longer': 'KEY_LENGTH' });
});
