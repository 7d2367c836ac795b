import test, { type ExecutionContext } from 'ava';
import { decodeLinks, PageScanner, TargetTable } from '../../../src/site/checks/index.ts';
import { countLooks } from './counted-looks.ts';

const BASE = { origin: 'https://www.example.com', path: '/', slash: 'never' } as const;

function scan(pieces: readonly string[]): string[] {
  const targets = new TargetTable();
  const scanner = new PageScanner('https://www.example.com/', BASE, targets);
  for (const piece of pieces) scanner.write(piece);
  return [...decodeLinks(scanner.end().links)].map(({ target }) => targets.target(target));
}

/** A page that is four times as long may take four times the work, and a little for what is constant. */
function isLinear(
  t: ExecutionContext,
  what: string,
  make: (size: number) => readonly string[],
  size: number,
) {
  const once = make(size);
  const fourfold = make(4 * size);
  const looks = countLooks(() => scan(once));
  const more = countLooks(() => scan(fourfold));
  t.true(looks >= size / 4, `${what}: counted ${looks}`);
  t.true(more <= 5 * looks, `${what}: ${looks} looks, ${more} for four times as much`);
}

const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
  'spaces in a tag': (size) => `<a ${' '.repeat(size)}href="/x">`,
  'spaces in a refresh': (size) => `<meta http-equiv=refresh content="5${' '.repeat(size)}">`,
  'spaces in a relation': (size) => `<link rel="${' '.repeat(size)}x" href="/x">`,
  'spaces in a link': (size) => `<a href="${' '.repeat(size)}/x">`,
  'spaces in a candidate list': (size) => `<img srcset="${' '.repeat(size)}/x 1x">`,
  'candidates in a list': (size) => `<img srcset="${'/x 1x, '.repeat(size / 7)}">`,
  'segments in a link': (size) => `<a href="${'/a'.repeat(size / 2)}">`,
  'attributes in a tag': (size) => `<a ${'b=c '.repeat(size / 4)}href="/x">`,
  'tags that are not closed': (size) => '<a href="/x" '.repeat(size / 13),
  'quotes that are not closed': (size) => `<a href="${'<a href=/x>'.repeat(size / 11)}`,
  'comments that are not closed': (size) => '<!-- '.repeat(size / 5),
  'brackets alone': (size) => '<'.repeat(size),
  'end tags with quotes': (size) => '</a x=">'.repeat(size / 8),
  'declarations that are not closed': (size) => `<svg>${'<![CDATA['.repeat(size / 9)}`,
  'scripts that are not closed': (size) => '<script></scrip'.repeat(size / 15),
  'nested tags': (size) => '<div id=a>'.repeat(size / 10),
  'nested templates': (size) => '<template>'.repeat(size / 10),
  'nested drawings': (size) => '<svg><title/>'.repeat(size / 13),
  'entities in a link': (size) => `<a href="/${'&eacute;&amp'.repeat(size / 12)}">`,
  'brackets in a style': (size) => `<p style="${'url(('.repeat(size / 5)}">`,
  'fragments in a link': (size) => `<a href="/${'#:~:'.repeat(size / 4)}">`,
  'links to ids': (size) => '<a href="#x"></a>'.repeat(size / 17),
  'line breaks': (size) => '\n<a href="/x"></a>'.repeat(size / 18),
};

test.serial('PageScanner looks at four times as much when a hostile page is four times as long', (t) => {
  for (const [what, make] of Object.entries(HOSTILE)) isLinear(t, what, (size) => [make(size)], 25_000);
});

test.serial('PageScanner looks at four times as much when a hostile page comes byte by byte', (t) => {
  for (const [what, make] of Object.entries(HOSTILE))
    isLinear(t, what, (size) => Array.from(make(size)), 5000);
});

test('PageScanner reads 2 MB of nested tags, and 100,000 spaces, and goes on behind them', (t) => {
  const link = '<a href="/found"></a>';
  t.deepEqual(scan([`${'<div><b>'.repeat(250_000)}${link}`]), ['/found']);
  t.deepEqual(scan([`<p ${' '.repeat(100_000)}>${link}`]), ['/found']);
  t.deepEqual(scan([`<img srcset="/x ${'(a)b'.repeat(500_000)}">${link}`]).at(-1), '/found');
  t.deepEqual(scan([`<a href="${'/a'.repeat(1_000_000)}"></a>${link}`]).at(-1), '/found');
  t.deepEqual(scan([`<img src="data:${'x'.repeat(2_000_000)}">${link}`]), ['/found']);
});
