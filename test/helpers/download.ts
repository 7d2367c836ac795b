import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** An answer whose head has arrived, and whose body waits. */
export interface Download {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Reads the body to its end, or to where the connection broke. */
  read(): Promise<{ readonly isComplete: boolean; readonly body: Buffer }>;
  /** Ends the connection. */
  abort(): void;
}

/** Asks on a connection of its own; until the body is read, the server can send no more than the system's buffers hold. */
export async function startDownload(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Download> {
  const { hostname, port } = new URL(url);
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, path, headers, agent: false }, resolve).on('error', reject).end();
  });
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    async read() {
      // A connection that broke before this does not say so again.
      if (message.closed) return { isComplete: message.complete, body: Buffer.alloc(0) };
      const pieces: Buffer[] = [];
      await new Promise<void>((resolve) => {
        message
          .on('data', (piece: Buffer) => pieces.push(piece))
          .on('error', () => resolve())
          .on('close', () => resolve());
      });
      return { isComplete: message.complete, body: Buffer.concat(pieces) };
    },
    abort: () => void message.destroy(),
  };
}
