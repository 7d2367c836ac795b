import type { IncomingHttpHeaders, OutgoingHttpHeader } from 'node:http';
import type { Socket } from 'node:net';

/** What a handler reads of a request, of `node:http` or of the compatibility API of `node:http2`. */
export interface HttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  /** With HTTP/2 a stand-in for it, which is of the stream alone. */
  readonly socket: Socket;
}

/** What a handler does with a response, of `node:http` or of the compatibility API of `node:http2`. */
export interface HttpResponse {
  readonly req: HttpRequest;
  readonly headersSent: boolean;
  /** Not with HTTP/2. */
  readonly destroyed?: boolean;
  hasHeader(name: string): boolean;
  getHeader(name: string): OutgoingHttpHeader | undefined;
  removeHeader(name: string): void;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  write(bytes: Uint8Array, callback?: () => void): boolean;
  end(bytes?: Uint8Array | string, callback?: () => void): unknown;
  destroy(error?: Error): unknown;
  on(event: 'drain', listener: () => void): unknown;
}
