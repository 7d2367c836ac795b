import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A server on a free loopback port, closed with all its connections when the test ends. */
export async function listen(
  t: ExecutionContext,
  app: RequestListener,
  port = 0,
): Promise<{ url: string; server: Server; port: number }> {
  const server = createServer(app);
  // On a slow machine five seconds can lie between two requests, and a connection would close just as it is used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  t.teardown(async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeAllConnections();
    await closed;
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, server, port: address.port };
}
