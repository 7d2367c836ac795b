import { once } from 'node:events';
import { createServer } from 'node:net';

const host = '127.0.0.1';

/**
 * Listens on the loopback interface alone.
 *
 * @param {import('node:net').Server} server
 * @param {number} port 0 takes a free one.
 * @returns {Promise<number>} The port taken.
 */
export async function listen(server, port) {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return address.port;
}

/**
 * Chooses the port for the visitors: PORT where it is set, else the preferred one while it is free, else any.
 *
 * @param {number} preferred
 * @returns {Promise<number>}
 */
export async function choosePort(preferred) {
  const wanted = process.env.PORT;
  if (!wanted) return probe(preferred).catch(freePort);
  return probe(Number(wanted)).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${wanted} is in use: set PORT to another, or to nothing.`, { cause: error });
  });
}

/** @returns {Promise<number>} One that nobody listens on. */
export function freePort() {
  return probe(0);
}

/** @param {number} port */
async function probe(port) {
  const server = createServer();
  const taken = await listen(server, port);
  server.close();
  await once(server, 'close');
  return taken;
}
