import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that passes requests on, and counts them. */
export interface CountingProxy {
  readonly endpoint: string;
  /** How many requests came so far. */
  count(): number;
}

/** Starts a server between a client and a port of this computer; what is signed stays as it was. */
export async function startCountingProxy(
  context: { readonly teardown: (end: () => Promise<void>) => void },
  port: number,
): Promise<CountingProxy> {
  let count = 0;
  const server = createServer((incoming, response) => {
    count += 1;
    const { method, url: path, headers } = incoming;
    let answered: IncomingMessage | undefined;
    // Each on a connection of its own: websites of Ceph answer redirects twice, and what comes behind would get the second answer.
    const onward = request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers, connection: 'close' }, agent: false },
      (answer) => {
        answered = answer;
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    // The second answer is an error of the connection, which may come before the first one has been passed on.
    onward.on('error', () => {
      if (answered?.complete !== true) response.destroy();
    });
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.teardown(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${address.port}`, count: () => count };
}
