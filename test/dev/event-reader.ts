import { get, type IncomingMessage } from 'node:http';
import type { ExecutionContext } from 'ava';
import type { ChangeMessage } from '../../src/dev/change-log.ts';

/** A stream of server-sent events as a browser gets it. */
export interface EventReader {
  readonly response: IncomingMessage;
  /** The next block of the stream as it stands; `undefined` when the stream has ended. */
  readonly block: () => Promise<string | undefined>;
  /** The next block with a message. */
  readonly message: () => Promise<ChangeMessage>;
  readonly close: () => void;
}

/** Opens a stream, which ends with the test at the latest. */
export async function readEvents(
  t: ExecutionContext,
  url: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  // No agent: its idle connections to a server that has been restarted would fail.
  const request = get(url, { agent: false, headers });
  t.teardown(() => request.destroy());
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const pieces = response.setEncoding('utf8')[Symbol.asyncIterator]();
  request.on('error', () => {}); // destroyed
  let buffered = '';

  async function block(): Promise<string | undefined> {
    for (;;) {
      const end = buffered.indexOf('\n\n');
      if (end >= 0) {
        const found = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        return found;
      }
      const { done, value } = await pieces.next();
      if (done) return undefined;
      buffered += value;
    }
  }

  return {
    response,
    block,
    async message() {
      for (;;) {
        const found = await block();
        if (found === undefined) throw new Error('The stream ended.');
        const text = /^data: (.*)$/m.exec(found)?.[1];
        if (text !== undefined) return JSON.parse(text);
      }
    },
    close: () => request.destroy(),
  };
}
