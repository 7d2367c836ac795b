import test from 'ava';
import { findReferences } from '../../../src/assets/references/find-references.ts';

/** So many characters that a number of steps that grows with their square takes longer than a test may. */
const LENGTH = 1_000_000;

function repeated(piece: string, length = LENGTH): string {
  return piece.repeat(Math.ceil(length / piece.length));
}

/** As many pieces as fill the length, each with its number. */
function numbered(piece: (index: number) => string): string {
  const count = LENGTH / piece(0).length;
  return Array.from({ length: count }, (_, index) => piece(index)).join('');
}

/** By the name of a file: what invites a scanner to look at the same characters again and again. */
const CRAFTED: Readonly<Record<string, readonly string[]>> = {
  'a.svg': [
    `<svg>url(${repeated(' ')}`,
    `<svg>url("${repeated(' ')}"`,
    `<a src=${repeated(' ')}`,
    repeated('<a src='),
    `${repeated('<g>')}<a src="b"/>${repeated('</g>')}`,
    `<!ENTITY a "${repeated('(')}url(a)`,
    `${repeated('<!ENTITY a "(')}url(a)`,
    `${numbered((index) => `<!ENTITY a${index} "(">`)}${numbered((index) => `<g style="&a${index};"/>`)}url(a)`,
    `<style>${repeated('<b/>')}`,
    `<?xml-stylesheet ${repeated(' href="x')}?>`,
    `<a src="${repeated('&#1')}"/>`,
  ],
  'a.html': [
    `${repeated('<div>')}<a src="b">${repeated('</div>')}`,
    `${repeated('<svg><desc>')}<a src="b">${repeated('</svg>')}`,
    `${repeated('<form>')}<a src="b">${repeated('</p>')}`,
    `<iframe srcdoc=${repeated('<iframe/srcdoc=')}`,
    `<img srcset="a${repeated(',')}b">`,
    `<img srcset="a ${repeated('(')}">`,
    `<base href="${repeated('a')}/">${repeated('<a src=b>')}`,
    `<base href="${repeated('/')}">${repeated('<a src=b>')}`,
    `<meta http-equiv=refresh content="${repeated('1')}${repeated(' ')}">`,
    `<script type=importmap>{"imports":{${numbered((index) => `"a${index}":"./b${index}",`)}"c":"d"}}</script>`,
  ],
  'a.css': [
    repeated('url('),
    repeated('url("data:'),
    repeated('"a\\'),
    repeated('@import"a" '),
    `a{b:${repeated('(')}url(c)`,
    `@media ${repeated('url(a) ')}`,
    repeated('\\'),
  ],
  'a.js': [
    `import(${repeated('(')}'a'${repeated(')')})`,
    `import(${repeated('a?b:')}c)`,
    `import(${repeated('a?')}'b'${repeated(':c')})`,
    repeated('import(a?b:'),
    `import(${repeated('c?new URL("a",import.meta.url):')}d)`,
    `${repeated('import(new URL("a",import.meta.url),')}${repeated(')')}`,
    `new URL(${repeated('/**/')}"a"${repeated('/**/')},import.meta.url)`,
    `${repeated('new//')}\n${repeated('import.meta.url,')}`,
    `importScripts(${repeated('"a",')})`,
    `import(\`${repeated('\\')}\`)`,
    `import;${repeated('/**/')}`,
    `import;${repeated('a=/[')}`,
    `import;${repeated('`${')}`,
    `import;${repeated('\\u{')}`,
    `import;${repeated('class ')}`,
    repeated('export{a}from"b";'),
    repeated('export '),
  ],
  'a.webmanifest': [
    `{"icons":[${numbered((index) => `{"src":"b${index}"},`)}1]}`,
    `{"icons":[{"src":"${repeated('\\n', 20_000_000)}"}]}`,
    repeated('{"icons":'),
  ],
};

for (const [name, texts] of Object.entries(CRAFTED))
  for (const text of texts)
    test(`findReferences() reads a million characters of ${name} in as many steps: ${JSON.stringify(text.slice(0, 40))}`, (t) => {
      const references = findReferences(name, text);
      t.true(references.every(({ offset }) => offset >= 0 && offset <= text.length));
    });
