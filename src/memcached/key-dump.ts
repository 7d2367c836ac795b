import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './commands.ts';
import { Connection } from './connection.ts';
import { unescapedKey } from './keys.ts';
import { WrongReply, type ReplyReader } from './replies.ts';
import type { MemcachedServer } from './servers.ts';

/** What a dump goes through: the table of hashes at once, or slowly the lists of items, which old servers know alone. */
type Source = 'hash' | 'all';

const BUSY_PAUSE_MILLISECONDS = 50;

/**
 * Every key of a server that begins with a prefix. Read without a pause: the server makes others wait meanwhile.
 *
 * @throws MemcachedUnreachable where nothing arrives for longer than the deadline
 */
export async function dumpKeys(
  server: MemcachedServer,
  prefix: string,
  deadlineMilliseconds: number,
): Promise<readonly string[]> {
  let source: Source = 'hash';
  for (;;) {
    const connection = new Connection(server, () => {});
    const [dump] = await connection.ask([metadump(source, prefix)], deadlineMilliseconds, {
      endsWithSilence: true,
    });
    connection.end('has told its keys.');
    if (dump === 'unknown') source = 'all';
    else if (dump === 'busy') await sleep(BUSY_PAUSE_MILLISECONDS);
    else return dump;
  }
}

/** Its reply is the keys; `busy` where another dump is made; `unknown` where the server has no such source. */
function metadump(source: Source, prefix: string): Command<readonly string[] | 'busy' | 'unknown'> {
  return {
    bytes: [Buffer.from(`lru_crawler metadump ${source}\r\n`)],
    *read(): ReplyReader<readonly string[] | 'busy' | 'unknown'> {
      const keys: string[] = [];
      for (;;) {
        const line = (yield 'line').toString('latin1');
        if (line === 'END') return keys;
        if (line.startsWith('BUSY ')) return 'busy';
        if (source === 'hash' && /^(?:CLIENT_)?ERROR\b/.test(line)) return 'unknown';
        const [, encoded] = /^key=(\S+) /.exec(line) ?? [];
        if (encoded === undefined) throw new WrongReply(line);
        const key = decodedKey(encoded);
        if (key?.startsWith(prefix)) keys.push(key);
      }
    },
  };
}

/** A key of a dump; `undefined` where it is nothing that we write. */
function decodedKey(encoded: string): string | undefined {
  try {
    return unescapedKey(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
