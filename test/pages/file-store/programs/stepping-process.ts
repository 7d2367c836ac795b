/*
 * A process that uses a store as it is told on its standard input, and stops itself by SIGSTOP before one of the file
 * operations of what it does. Each line is a command; each answer is a line too.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { FileStore } from '../../../../src/pages/file-store/index.ts';

const { readSync, writeSync } = fs;

/** How many operations are done before the process stops. */
let left = Infinity;

function step(): void {
  left -= 1;
  if (left >= 0) return;
  left = Infinity;
  say('stopped');
  process.kill(process.pid, 'SIGSTOP');
  // The signal may reach another thread first.
  readLine();
}

/** An object whose methods are to be watched. */
type Methods = Record<string, (...args: unknown[]) => unknown>;

function watch(owner: object, names: readonly string[]): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const methods = owner as Methods;
  for (const name of names) {
    const original = methods[name];
    if (!original) throw new Error(`There is no ${name}() to watch.`);
    methods[name] = function watched(this: unknown, ...args: unknown[]): unknown {
      step();
      return original.apply(this, args);
    };
  }
}

const handle = await promises.open('/dev/null');
const handles: object = Object.getPrototypeOf(handle);
await handle.close();
watch(handles, ['writeFile', 'readFile', 'chmod', 'utimes', 'datasync', 'stat']);
watch(promises, ['open', 'readdir', 'opendir', 'rm']);
watch(
  fs,
  [
    'open read write close stat readdir readFile writeFile readlink link rename unlink mkdir chmod rmdir',
    'symlink',
  ].flatMap((names) => names.split(' ').map((name) => `${name}Sync`)),
);
syncBuiltinESMExports();

const { fileStore } = await import('../../../../src/pages/file-store/index.ts');
const { html, keyOf, SETTING, store } = await import('../../stored-pages.ts');

let pages: FileStore = fileStore({ folder: 'unopened' });

/** @returns the result of an action, and whether it came to its end without a stop */
async function stopping(after: number, action: () => Promise<unknown>): Promise<string> {
  left = after;
  const result = await action();
  const isWhole = left !== Infinity;
  left = Infinity;
  return JSON.stringify({ result, isWhole });
}

const actions: Readonly<Record<string, () => Promise<unknown>>> = {
  delete: () => pages.delete([keyOf('/a/b')]),
  deleteBelow: () => pages.deleteBelow(keyOf('/a')),
  invalidate: () => pages.invalidate(['t']),
  clear: () => pages.clear(),
};

say('ready');
for (let line = readLine(); line !== ''; line = readLine()) {
  const [command = '', count = '', text = ''] = line.split(' ');
  if (command === 'open') {
    pages = fileStore({ folder: count, compress: ['gzip', 'br'] });
    await pages.open(SETTING);
    say('opened');
  } else if (command === 'land') {
    const pending = await pages.begin(keyOf('/a/b'), { fence: false });
    say(await stopping(Number(count), async () => pending?.land(html(text.repeat(50), ['s', 't']))));
  } else if (command === 'store') {
    say(await stopping(Number(count), () => store(pages, '/a/b', html(text.repeat(50), ['s', 't']))));
  } else {
    say(await stopping(Number(count), async () => actions[command]?.()));
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** An empty line at the end of the input. */
function readLine(): string {
  const byte = Buffer.alloc(1);
  let line = '';
  while (readSync(0, byte, 0, 1, null) === 1) {
    if (byte[0] === 10) return line;
    line += byte.toString('latin1');
  }
  return '';
}
