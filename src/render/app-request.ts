import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RenderSocket } from './render-socket.ts';

/** What Node's client refuses in a path. */
const UNESCAPED = /[^\u0021-\u00FF]/;

/**
 * Checks a path as Node's client does, before a request is made without one.
 *
 * @throws TypeError with a code of Node's
 */
export function checkTarget(target: string): void {
  if (UNESCAPED.test(target))
    throw Object.assign(new TypeError('The path has characters that are not percent-encoded.'), {
      code: 'ERR_UNESCAPED_CHARACTERS',
    });
}

/** A request and its response as Node's server makes them, but of what is known, so that nothing has to be parsed. */
export function createRequest(
  socket: RenderSocket,
  target: string,
  rawHeaders: string[],
): { readonly request: IncomingMessage; readonly response: ServerResponse } {
  const request = new IncomingMessage(asNetSocket(socket));
  const headers: Record<string, string> = {};
  const headersDistinct: Record<string, string[]> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!;
    headers[name] = value;
    headersDistinct[name] = [value];
  }
  request.method = 'GET';
  request.url = target;
  request.httpVersion = '1.1';
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.rawHeaders = rawHeaders;
  request.headers = headers;
  request.headersDistinct = headersDistinct;
  request.complete = true;
  request.push(null);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(asNetSocket(socket));
  passOnDrain(socket, response);
  response.once('finish', () => {
    // An app may have left the request unread. It closes when it has been.
    request.resume();
    // An app may have asked for the connection to be kept.
    socket.end();
  });
  socket.once('close', () => {
    // With an error if somebody listens for it, as in a server.
    if (!response.writableFinished)
      request.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  });
  return { request, response };
}

/** What a server does for its responses: they are not told themselves when the socket's buffer is empty again. */
function passOnDrain(socket: RenderSocket, response: ServerResponse): void {
  socket.once('drain', () => {
    // Only a server of Node can take back what a response noted when it was to wait.
    Object.defineProperty(response, 'writableNeedDrain', {
      get: () => socket.writableNeedDrain && !response.writableEnded && !response.destroyed,
      configurable: true,
    });
    socket.on('drain', () => response.emit('drain'));
    response.emit('drain');
  });
}

/** It has what Node asks of a socket here, of which it says so itself: any duplex may be one. */
function asNetSocket(socket: RenderSocket): Socket {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return socket as unknown as Socket;
}
