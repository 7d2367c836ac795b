import type { Reference } from './reference.ts';
import { literalValue } from './script/literal.ts';

/**
 * Where Vite writes down what a lazy chunk needs: `const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=[…])))`, since
 * 5.1 with the names in a property of the function, before that in a constant beside it. Vite puts it at the head of the
 * chunk after minifying, so its names stay.
 */
const LIST =
  /\b__vite__mapDeps\s*=\s*\(i,\s*m\s*=\s*__vite__mapDeps,\s*d\s*=\s*\(m\.f\s*\|\|\s*\(m\.f\s*=\s*\[|\b__vite__mapDeps\.viteFileDeps\s*=\s*\[|\b__vite__fileDeps\s*=\s*\[/;

const STRING = /\s*("(?:[^"\\\n\r]|\\[^])*"|'(?:[^'\\\n\r]|\\[^])*')\s*(,?)/y;

/**
 * Finds the chunks and stylesheets that a module of Vite preloads for the modules that it imports later. With a relative
 * base (`base: './'`) the names are relative to the module; with any other Vite resolves them against that.
 */
export function findViteChunks(text: string): Reference[] {
  if (!text.includes('__vite__mapDeps')) return [];
  const list = LIST.exec(text);
  if (list === null) return [];
  const references: Reference[] = [];
  STRING.lastIndex = list.index + list[0].length;
  for (let match = STRING.exec(text); match !== null; match = STRING.exec(text)) {
    const [whole, literal = '', comma] = match;
    const reference = chunkOf(literalValue(literal), match.index + whole.indexOf(literal));
    if (reference !== undefined) references.push(reference);
    // All of them have the same base.
    if (comma === '' || reference?.kind === 'based-chunk') break;
  }
  return references;
}

function chunkOf(specifier: string | undefined, offset: number): Reference | undefined {
  if (specifier === undefined) return undefined;
  if (!/^(?:\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier))
    return { kind: 'based-chunk', specifier, offset };
  // Modules go through the page's import map (Vite 8 asks `import.meta.resolve`); stylesheets do not.
  const kind = /\.m?js(?:\?|$)/i.test(specifier) ? 'dynamic-import' : 'resource';
  return { kind, specifier, offset };
}

/** Where the runtime of webpack makes the file name of a chunk from its number: `__webpack_require__.u = (chunkId) => …`. */
const CHUNK_MAP = /[\w$]\.u\s*=\s*(?:function\b|\(?[\w$]+\)?\s*=>)/;
const RUNTIME = /\b__webpack_require__\b|\bwebpackChunk|Automatic publicPath is not supported/;

/** Finds the place where webpack makes the URLs of its chunks, so that nobody knows before it runs what they are. */
export function findChunkMap(text: string): Reference | undefined {
  const map = CHUNK_MAP.exec(text);
  return map === null || !RUNTIME.test(text)
    ? undefined
    : { kind: 'chunk-map', specifier: map[0].slice(2), offset: map.index + 2 };
}
