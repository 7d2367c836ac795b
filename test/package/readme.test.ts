import test from 'ava';
import { codeBlocks, readPage } from './documentation.ts';

const MOST_WORDS = 1200;
const MOST_ROWS = 6;
/** About what is seen before anybody scrolls twice. */
const FIRST_LINES = 40;

test(`the README has at most ${MOST_WORDS} words, counted as wc does`, async (t) => {
  const { markdown } = await readPage('README.md');
  const words = markdown.split(/\s+/).filter((word) => word !== '').length;
  t.true(words <= MOST_WORDS, `It has ${words}. Move something to docs/.`);
});

test('the README begins with the pain, the promise and what to take', async (t) => {
  const { markdown } = await readPage('README.md');
  const beginning = markdown.split('\n').slice(0, FIRST_LINES).join('\n');
  for (const claim of [
    'old CSS',
    'Failed to fetch dynamically imported module',
    'The promise:',
    '| I have …',
  ])
    t.true(beginning.includes(claim), claim);
  const [, table = ''] = /^\| I have … .*\n\|[-| ]+\|\n((?:\|.*\n)+)/m.exec(markdown) ?? [];
  const rows = table.split('\n').length - 1;
  t.true(rows > 0 && rows <= MOST_ROWS, `The table has ${rows} rows.`);
});

test('the README says how to try it and how to test it, in two commands', async (t) => {
  const { markdown } = await readPage('README.md');
  const setup = codeBlocks(markdown).find(({ word }) => word === 'setup');
  t.is(setup?.text, 'npm install && npm start\nnpm install && npm test\n');
});
