import type { IncomingHttpHeaders, OutgoingHttpHeader } from 'node:http';
import type { Socket } from 'node:net';

/** What a handler reads of a request, of `node:http` or of the compatibility API of `node:http2`. */
export interface HttpRequest {
  /** Its method, in capitals. */
  readonly method?: string | undefined;
  /** Its target (RFC 9112 §3.2): a path with its query. */
  readonly url?: string | undefined;
  /** By names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[];
  /** 1 or 2. */
  readonly httpVersionMajor: number;
  /** With HTTP/2 a stand-in for it, which is of the stream alone. */
  readonly socket: Socket;
}

/** What a handler does with a response, of `node:http` or of the compatibility API of `node:http2`. */
export interface HttpResponse {
  /** The request that it answers. */
  readonly req: HttpRequest;
  /** Whether its head has been written. */
  readonly headersSent: boolean;
  /** Whether it was broken off; not there with HTTP/2. */
  readonly destroyed?: boolean;
  /** Whether its last part has been given to it. */
  readonly writableEnded: boolean;
  /** Whether a header is set, as by middleware. */
  hasHeader(name: string): boolean;
  /** A header that is set. */
  getHeader(name: string): OutgoingHttpHeader | undefined;
  /** Sets a header of the answer to come. */
  setHeader(name: string, value: string): unknown;
  /** Takes back a header that is set. */
  removeHeader(name: string): void;
  /** Writes the status and all headers. */
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  /** Sends a part of the body, and calls back when it may be used again. */
  write(bytes: Uint8Array, callback?: () => void): boolean;
  /** Sends the last part of the body. */
  end(bytes?: Uint8Array | string, callback?: () => void): unknown;
  /** The same, of a string in another encoding than UTF-8. */
  end(text: string, encoding: 'latin1'): unknown;
  /** Breaks the answer off. */
  destroy(error?: Error): unknown;
  /** Listens for room to send more. */
  on(event: 'drain', listener: () => void): unknown;
}
