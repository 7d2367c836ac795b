/*
 * A process that uses a memcached store as it is told on its standard input, and stops itself by SIGSTOP before one of the
 * times that it sends something. Each line is a command; each answer is a line too.
 */
import { readSync, writeSync } from 'node:fs';
import { MemcachedNode } from '../../../../src/memcached/index.ts';
import { memcachedStore, type MemcachedStore } from '../../../../src/pages/memcached-store/index.ts';
import { html, keyOf, SETTING } from '../../stored-pages.ts';

/** How often something is sent before the process stops. */
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

// Its types are of no use here: it takes and gives what it is given.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const methods = MemcachedNode.prototype as unknown as { run(...commands: unknown[]): unknown };
// oxlint-disable-next-line typescript/unbound-method
const original = methods.run;
methods.run = function watched(this: unknown, ...commands: unknown[]): unknown {
  step();
  return original.apply(this, commands);
};

let pages: MemcachedStore | undefined;

say('ready');
for (let line = readLine(); line !== ''; line = readLine()) {
  const [command = '', count = '', text = ''] = line.split(' ');
  if (command === 'open') {
    // It does not find itself late by its own clock: the log has to tell.
    pages = memcachedStore({ servers: count.split(','), ttlSeconds: 3600, deadlineMilliseconds: 60_000 });
    await pages.open(SETTING);
    say('opened');
    continue;
  }
  const pending = await pages?.begin(keyOf('/a/b'), { fence: false });
  left = Number(count);
  const result = await pending?.land(html(text, ['s', 't']));
  const isWhole = left !== Infinity;
  left = Infinity;
  // What nobody waits for is sent, too, before this process waits for its next line.
  await pages?.read(keyOf('/a/b'));
  say(JSON.stringify({ result, isWhole }));
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
