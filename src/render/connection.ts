import { isIPv6 } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import type { RenderOrder } from './rendering.ts';

/** Nobody's (RFC 5737), and another one than our requests come from: apps take equal ones for a request from their own host. */
const LOCAL_ADDRESS = '198.51.100.1';
const LOCAL_FAMILY = 'IPv4';
/** The first of those that systems give to clients. */
const REMOTE_PORT = 49_152;

/** A connection inside the process. */
export interface Connection {
  readonly client: Duplex;
  /** The server's end, which has what apps ask of a socket. */
  readonly server: Duplex;
}

/** Makes a connection for one request. */
export function openConnection({ origin, address }: Pick<RenderOrder, 'origin' | 'address'>): Connection {
  const [client, server] = duplexPair();
  const { protocol, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const local = {
    address: LOCAL_ADDRESS,
    family: LOCAL_FAMILY,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
  };
  const itself = (): Duplex => server;
  Object.assign(server, {
    // A render has its own deadline.
    setTimeout: itself,
    setNoDelay: itself,
    setKeepAlive: itself,
    ref: itself,
    unref: itself,
    remoteAddress: address,
    remoteFamily: isIPv6(address) ? 'IPv6' : 'IPv4',
    remotePort: REMOTE_PORT,
    localAddress: local.address,
    localFamily: local.family,
    localPort: local.port,
    address: () => local,
  });
  if (isSecure) {
    Object.assign(server, { encrypted: true, authorized: false, getPeerCertificate: () => ({}) });
  }
  countBytes(server, 'bytesRead', server);
  countBytes(client, 'bytesWritten', server);
  Object.assign(client, {
    // Apps end a response some time after its last byte. A client that hung up in between would break them off.
    destroySoon() {
      Object.assign(client, { writable: false });
    },
  });
  // The server closes the connection when the response is finished.
  client.once('end', () => client.destroy());
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
  return { client, server };
}

/** Counts what arrives at one end as a property of a socket. */
function countBytes(end: Duplex, property: 'bytesRead' | 'bytesWritten', socket: Duplex): void {
  let bytes = 0;
  const push = end.push.bind(end);
  end.push = (chunk: Buffer | null, encoding) => {
    bytes += chunk?.length ?? 0;
    return push(chunk, encoding);
  };
  Object.defineProperty(socket, property, { get: () => bytes });
}
