import type { Socket } from 'node:net';

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Whom to call when a connection ends; whoever has nothing to wait for any more takes itself out. One listener serves
 * all, since any number of pipelined answers wait on one socket. With HTTP/2 the connection is the request's stream,
 * whose stand-in for a socket adds listeners to the stream, but would take them off the socket.
 */
export function listenersToEnd(connection: Socket): Set<() => void> {
  const known = waiting.get(connection);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  waiting.set(connection, listeners);
  connection.once('close', () => {
    for (const listener of listeners) listener();
  });
  return listeners;
}
