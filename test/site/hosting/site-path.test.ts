import test from 'ava';
import { answerOf, type SiteAnswer } from '../../../src/site/hosting/index.ts';

const FILES = new Set(['index.html', 'about/index.html', 'single.html', 'a b.txt']);
const has = (file: string): boolean => FILES.has(file);

const MISSING: SiteAnswer = { kind: 'missing' };
const file = (name: string): SiteAnswer => ({ kind: 'file', file: name });
const redirect = (path: string): SiteAnswer => ({ kind: 'redirect', path });

test('answerOf() gives a page one URL, with a slash at its end or without', (t) => {
  const rows: readonly (readonly [path: string, never: SiteAnswer, always: SiteAnswer])[] = [
    ['/', file('index.html'), file('index.html')],
    ['/index.html', redirect('/'), redirect('/')],
    ['/about', file('about/index.html'), redirect('/about/')],
    ['/about/', redirect('/about'), file('about/index.html')],
    ['/about/index.html', redirect('/about'), redirect('/about/')],
    ['/about/%69ndex.html', MISSING, MISSING],
    ['/single', file('single.html'), file('single.html')],
    ['/single/', MISSING, MISSING],
    ['/a%20b.txt', file('a b.txt'), file('a b.txt')],
    ['/nothing/index.html', MISSING, MISSING],
    ['/%zz', MISSING, MISSING],
    ['/about%2findex.html', MISSING, MISSING],
    ['/../about', MISSING, MISSING],
    ['//about', MISSING, MISSING],
  ];
  for (const [path, never, always] of rows) {
    t.deepEqual(answerOf(path, 'never', has), never, path);
    t.deepEqual(answerOf(path, 'always', has), always, path);
  }
});
