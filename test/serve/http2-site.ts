import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import type { AssetsHandler } from '../../src/assets.ts';

/** A body as far as it came. */
interface StreamedBody {
  readonly body: Buffer;
  /** How its stream was closed (RFC 9113 §7). */
  readonly code: number | undefined;
}

/** A stream on which the head has arrived, and whose body waits but for what a client takes without being read. */
interface StartedStream {
  /** Reads to the end, or to where the stream broke. */
  read(): Promise<StreamedBody>;
  cancel(): void;
}

/** A handler behind the compatibility API of `node:http2`, and one connection to it. */
export interface Http2Site {
  readonly get: (
    path: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<StreamedBody & { readonly headers: IncomingHttpHeaders }>;
  readonly start: (path: string) => Promise<StartedStream>;
}

/** Serves on a free loopback port, and connects; both end with the test. */
export async function listenByHttp2(t: ExecutionContext, handler: AssetsHandler): Promise<Http2Site> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  // How a stream ended is told by its code.
  session.on('error', () => {});
  const ask = (headers: Readonly<Record<string, string>>): ClientHttp2Stream =>
    session.request(headers).on('error', () => {});
  t.teardown(() => {
    session.destroy();
    server.close();
  });
  return {
    async get(path, headers = {}) {
      const stream = ask({ ':path': path, ...headers });
      let answered: IncomingHttpHeaders = {};
      stream.on('response', (arrived) => void (answered = arrived));
      return { ...(await bodyOf(stream, closed(stream))), headers: answered };
    },
    async start(path) {
      const stream = ask({ ':path': path });
      const end = closed(stream);
      await once(stream, 'response');
      return {
        read: () => bodyOf(stream, end),
        cancel: () => stream.close(constants.NGHTTP2_CANCEL),
      };
    },
  };
}

function closed(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => void stream.on('close', resolve));
}

async function bodyOf(stream: ClientHttp2Stream, end: Promise<void>): Promise<StreamedBody> {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await end;
  return { body: Buffer.concat(pieces), code: stream.rstCode };
}
