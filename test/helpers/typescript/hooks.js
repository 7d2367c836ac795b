// Strips the types of each file once, and keeps the JavaScript for the many processes that load the file later.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEPT = new URL('../../../node_modules/.cache/test-typescript/', import.meta.url);

/** A hook of Node's module loader. */
export function load(url, context, nextLoad) {
  if (!/^file:[^?#]*\.m?ts(?:[?#]|$)/.test(url)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: strip(path, readFileSync(path, 'utf8')), shortCircuit: true };
}

function strip(path, typescript) {
  const name = createHash('sha256').update(path).update('\0').update(typescript).digest('hex');
  const kept = fileURLToPath(new URL(`${name}.js`, KEPT));
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { transformSync } = createRequire(import.meta.url)('esbuild');
    const { code } = transformSync(typescript, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: path,
      sourcemap: 'inline',
      sourcesContent: false,
    });
    keep(kept, code);
    return code;
  }
}

/** Whole or not at all, since others may read it at the same time. A process without permission keeps nothing. */
function keep(file, code) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, code);
    renameSync(own, file);
  } catch (error) {
    if (error.code !== 'EACCES') throw error;
  }
}
