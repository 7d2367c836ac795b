import { readFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFiles, type Files } from '../../helpers/folder.ts';

const FONT = '@fontsource-variable/newsreader/files/newsreader-vietnamese-wght-normal.woff2';

const SAME = {
  'css/other.css': 'main { margin: 1px }',
  'fonts/text.woff2': readFileSync(createRequire(import.meta.url).resolve(FONT)),
  'js/alone.js': 'document.body.dataset.alone = 1;',
};

/** The sources of two deploys: files that stay, change in place with their size kept, come and go. */
export const DEPLOYS: Readonly<Record<'first' | 'second', Files>> = {
  first: {
    ...SAME,
    'css/site.css': "@import './type.css'; body { background: url(../img/old.svg) }",
    'css/type.css':
      '@font-face { font-family: text; src: url(../fonts/text.woff2) } body { font-family: text; color: teal }',
    'img/old.svg': svg(1),
    'img/dot.svg': svg(2),
    'js/site.js': "import { word } from './word.js'; document.body.dataset.word = word;",
    'js/word.js': "export const word = 'first!';",
  },
  second: {
    ...SAME,
    'css/site.css': "@import './type.css'; body { background: url(../img/new.svg) }",
    'css/type.css':
      '@font-face { font-family: text; src: url(../fonts/text.woff2) } body { font-family: text; color: navy }',
    'img/new.svg': svg(3),
    'img/dot.svg': svg(4),
    'js/site.js': "import { word } from './word.js'; document.body.dataset.word = word;",
    'js/word.js': "export const word = 'second';",
  },
};

/** The assets whose URLs the second deploy keeps. The font is asked for under the fingerprint of the stylesheet. */
export const SAME_URL: readonly string[] = ['css/other.css', 'js/alone.js'];

export type Deploy = keyof typeof DEPLOYS;

function svg(size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"/>`;
}

/** The page; its app puts URLs in the place of the names in braces. */
export const PAGE = [
  '<!doctype html><title>page</title><link rel=icon href="data:,">',
  '<link rel=stylesheet href="{css/site.css}"><link rel=stylesheet href="{css/other.css}">',
  '<body>a<img src="{img/dot.svg}">',
  '<script type=module src="{js/site.js}"></script><script type=module src="{js/alone.js}"></script>',
].join('');

/** Writes a deploy's sources, all with one time, as reproducible builds have it: no date tells two deploys apart. */
export async function writeSources(folder: string, deploy: Deploy): Promise<void> {
  await writeFiles(folder, DEPLOYS[deploy]);
  const time = new Date('2020-01-01T00:00:00Z');
  for (const name of Object.keys(DEPLOYS[deploy])) await utimes(join(folder, name), time, time);
}
