import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.ts';
import { unescapedKey } from './keys.ts';
import type { Command } from './commands.ts';
import { WrongReply, type ReplyReader } from './replies.ts';
import type { MemcachedServer } from './servers.ts';

type Dump = readonly string[] | 'busy' | 'unknown';

const BUSY_PAUSE_MILLISECONDS = 50;

/**
 * Every key of a server that begins with a prefix, by a connection of its own.
 *
 * @throws MemcachedUnreachable where nothing arrives for longer than the deadline
 */
export async function* dumpKeys(
  server: MemcachedServer,
  prefix: string,
  deadlineMilliseconds: number,
): AsyncGenerator<string, void, undefined> {
  let source = 'hash';
  for (;;) {
    const connection = new Connection(server, () => {});
    const [dump] = await connection.ask([metadump(source, prefix)], deadlineMilliseconds);
    connection.end('has told all its keys.');
    if (dump === 'busy') await sleep(BUSY_PAUSE_MILLISECONDS);
    else if (dump === 'unknown' && source === 'hash') source = 'all';
    else return yield* dump as readonly string[];
  }
}

function metadump(source: string, prefix: string): Command<Dump> {
  return {
    bytes: [Buffer.from(`lru_crawler metadump ${source}\r\n`)],
    read: () => readDump(prefix),
  };
}

function* readDump(prefix: string): ReplyReader<Dump> {
  const keys: string[] = [];
  for (;;) {
    const line = (yield 'line').toString('latin1');
    if (line === 'END') return keys;
    if (line.startsWith('BUSY ')) return 'busy';
    if (/^(?:CLIENT_ERROR|ERROR)\b/.test(line)) return 'unknown';
    const [, encoded] = /^key=(\S+) /.exec(line) ?? [];
    if (encoded === undefined) throw new WrongReply(line);
    const key = decodedKey(encoded);
    if (key?.startsWith(prefix)) keys.push(key);
  }
}

/** A key of a dump; `undefined` where it is none of ours. */
function decodedKey(encoded: string): string | undefined {
  try {
    return unescapedKey(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
