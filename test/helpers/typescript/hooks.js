// Strips the types of each file once, and keeps the JavaScript for the many processes that load the file later.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEPT = new URL('../../../node_modules/.cache/test-typescript/', import.meta.url);

/** A hook of Node's module loader. */
export async function load(url, context, nextLoad) {
  if (!/^file:[^?#]*\.m?ts(?:[?#]|$)/.test(url)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: await strip(path, await readFile(path, 'utf8')), shortCircuit: true };
}

async function strip(path, typescript) {
  const name = createHash('sha256').update(path).update('\0').update(typescript).digest('hex');
  const kept = fileURLToPath(new URL(`${name}.js`, KEPT));
  try {
    return await readFile(kept, 'utf8');
  } catch {
    const { transform } = await import('esbuild');
    const { code } = await transform(typescript, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: path,
      sourcemap: 'inline',
    });
    await keep(kept, code);
    return code;
  }
}

/** Whole or not at all, since others may read it at the same time. A process without permission keeps nothing. */
async function keep(file, code) {
  try {
    await mkdir(dirname(file), { recursive: true });
    const own = `${file}.${process.pid}`;
    await writeFile(own, code);
    await rename(own, file);
  } catch (error) {
    if (error.code !== 'EACCES') throw error;
  }
}
