import { IncomingMessage, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import type { RenderSocket } from './render-socket.ts';

/** What Node's client refuses in a path. */
const UNESCAPED = /[^\u0021-\u00FF]/;

/**
 * Checks a request as Node's client does, before it is made without one.
 *
 * @param headers - names and values in turn
 * @throws TypeError with a code of Node's
 */
export function checkRequest(target: string, headers: readonly string[]): void {
  if (UNESCAPED.test(target))
    throw Object.assign(new TypeError('The path has characters that are not percent-encoded.'), {
      code: 'ERR_UNESCAPED_CHARACTERS',
    });
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const [name = '', value = ''] = headers.slice(index, index + 2);
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}

/** A request and its response as Node's server makes them, but of what is known, so that nothing has to be parsed. */
export function createRequest(
  socket: RenderSocket,
  target: string,
  sentHeaders: readonly string[],
): { readonly request: IncomingMessage; readonly response: ServerResponse } {
  const request = new IncomingMessage(asNetSocket(socket));
  // A value arrives without the space around it.
  const rawHeaders = sentHeaders.map((text) => text.replaceAll(/^[\t ]+|[\t ]+$/g, ''));
  const headers: Record<string, string> = {};
  const headersDistinct: Record<string, string[]> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    headers[name.toLowerCase()] = value;
    headersDistinct[name.toLowerCase()] = [value];
  }
  Object.assign(request, {
    method: 'GET',
    url: target,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders,
    headers,
    headersDistinct,
    complete: true,
  });
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

/** What a server does for its responses: they know nothing of their socket's buffer themselves. */
function passOnDrain(socket: RenderSocket, response: ServerResponse): void {
  Object.defineProperty(response, 'writableNeedDrain', {
    get: () => socket.writableNeedDrain && !response.writableEnded && !response.destroyed,
    configurable: true,
  });
  socket.on('drain', () => response.emit('drain'));
}

/** It has what Node asks of a socket here, of which it says so itself: any duplex may be one. */
function asNetSocket(socket: RenderSocket): Socket {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return socket as unknown as Socket;
}
