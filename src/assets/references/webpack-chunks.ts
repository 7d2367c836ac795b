import type { Reference } from './reference.ts';

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
