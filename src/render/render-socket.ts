import { isIPv6 } from 'node:net';
import { Duplex } from 'node:stream';
import { originParts } from './origin-parts.ts';
import type { RenderOrder } from './rendering.ts';

/** Nobody's (RFC 5737), and another one than our requests come from: apps take equal ones for a request from their own host. */
const LOCAL_ADDRESS = '198.51.100.1';
const LOCAL_FAMILY = 'IPv4';
/** The first of those that systems give to clients. */
const REMOTE_PORT = 49_152;

/** Who is at the other end of a {@link RenderSocket}. */
export interface Peer {
  /** Takes what the app sends, and calls a function when more may come. */
  take(bytes: Buffer, goOn: () => void): void;
  /** The app has closed its end, rather than broken it off. */
  end(): void;
  /** The connection is over. */
  close(): void;
}

/** The server's end of a connection inside the process, which has what apps ask of a socket. */
export class RenderSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remoteFamily: string;
  readonly remotePort: number = REMOTE_PORT;
  readonly localAddress: string = LOCAL_ADDRESS;
  readonly localFamily: string = LOCAL_FAMILY;
  readonly localPort: number;
  readonly bytesRead: number;
  bytesWritten: number = 0;
  readonly #peer: Peer;

  /** @param bytesRead - how long the request would be */
  constructor({ origin, address }: Pick<RenderOrder, 'origin' | 'address'>, bytesRead: number, peer: Peer) {
    super();
    const { isSecure, port } = originParts(origin);
    this.remoteAddress = address;
    this.remoteFamily = isIPv6(address) ? 'IPv6' : 'IPv4';
    this.localPort = port;
    this.bytesRead = bytesRead;
    this.#peer = peer;
    if (isSecure) {
      Object.assign(this, { encrypted: true, authorized: false, getPeerCertificate: () => ({}) });
    }
    // The app may destroy it with an error, of which else the process would die.
    this.on('error', () => {});
    this.once('finish', () => this.destroy());
    this.once('close', () => peer.close());
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.bytesWritten += bytes.length;
    this.#peer.take(bytes, callback);
  }

  override _final(callback: () => void): void {
    this.#peer.end();
    callback();
  }

  address(): { readonly address: string; readonly family: string; readonly port: number } {
    return { address: LOCAL_ADDRESS, family: LOCAL_FAMILY, port: this.localPort };
  }

  /** A render has its own deadline. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
