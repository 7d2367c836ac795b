import type { Files } from './folder.ts';

const SECTIONS = 10;
const PARTS = 9;
const PHOTOS = 210;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const each = numbers(SECTIONS).flatMap((section) => numbers(PARTS).map((part) => `${section}-${part}`));

/** The stylesheets, modules and images that the page itself names. */
export const ENTRIES = {
  stylesheets: numbers(SECTIONS).map((section) => `css/section-${section}.css`),
  modules: numbers(SECTIONS).map((section) => `js/section-${section}.js`),
  photos: numbers(PHOTOS).map((photo) => `img/photo-${photo}.svg`),
};

/**
 * 500 files: ten stylesheets that import nine parts each, each part with an image of its own; ten modules that import
 * nine each; 210 photos. All are about as big as such files are on a site.
 */
export function visitedSite(): Files {
  return Object.fromEntries([
    ...ENTRIES.stylesheets.map((name, section) => [name, sheet(section)]),
    ...each.map((part) => [`css/parts/${part}.css`, sheetPart(part)]),
    ...each.map((part) => [`img/parts/${part}.svg`, picture(part, 6000)]),
    ...ENTRIES.modules.map((name, section) => [name, script(section)]),
    ...each.map((part) => [`js/parts/${part}.js`, `export const part = '${part}';\n${padding(4000)}`]),
    ...ENTRIES.photos.map((name) => [name, picture(name, 40_000)]),
  ]);
}

/** The page that leads to all of them. */
export function visitedPage(url: (asset: string) => string, importMap: string): string {
  return [
    `<!doctype html><title>page</title><link rel=icon href="data:,">${importMap}`,
    ...ENTRIES.stylesheets.map((name) => `<link rel=stylesheet href="${url(name)}">`),
    ...ENTRIES.modules.map((name) => `<script type=module src="${url(name)}"></script>`),
    '<body>',
    ...each.map((part) => `<i class="part-${part}">part</i>`),
    ...ENTRIES.photos.map((name) => `<img src="${url(name)}">`),
  ].join('\n');
}

function sheet(section: number): string {
  const imports = numbers(PARTS).map((part) => `@import './parts/${section}-${part}.css';\n`);
  return `${imports.join('')}${padding(1500)}`;
}

function sheetPart(part: string): string {
  return `.part-${part} { background: url(../../img/parts/${part}.svg) }\n${padding(2500)}`;
}

function script(section: number): string {
  const imports = numbers(PARTS).map(
    (part) => `import { part as part${part} } from './parts/${section}-${part}.js';\n`,
  );
  const sum = numbers(PARTS).map((part) => `part${part}`);
  return `${imports.join('')}document.body.dataset.section${section} = [${sum.join(', ')}].join();\n${padding(1500)}`;
}

function picture(title: string, bytes: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><title>${title}</title><!--${padding(bytes)}--></svg>\n`;
}

function padding(bytes: number): string {
  return `/*${'.'.repeat(bytes)}*/\n`;
}
