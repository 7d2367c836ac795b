import { optionError } from '../core/errors.ts';
import { quote } from '../core/text.ts';

/** One server of a cluster. */
export interface MemcachedServer {
  /** What to connect to: an IPv6 address has no brackets here. */
  readonly host: string;
  readonly port: number;
  /** How many shares of the keys it gets. */
  readonly weight: number;
  /** `HOST:PORT`, letter by letter as it stands in nginx's configuration, whose ring hashes it. */
  readonly name: string;
}

/** A host, a port and a weight, as in nginx's `server` lines. */
const SERVER =
  /^(?<name>(?<host>(?!unix:)[\w.-]+|\[[\da-f:.]+\]):(?<port>[1-9]\d{0,4}))(?: +weight=(?<weight>\d+))?$/i;

/** Each share is 160 points of the ring. */
const GREATEST_WEIGHT = 1000;

/**
 * The servers of a list of `HOST:PORT` and `HOST:PORT weight=N`.
 *
 * @param option - where the list was given
 * @throws TypeError for what is no such list, RangeError for a port or a weight that cannot be
 */
export function parseServers(servers: unknown, option: string): readonly MemcachedServer[] {
  if (!Array.isArray(servers) || servers.length === 0) {
    const given = Array.isArray(servers) ? 'an empty one' : quote(servers);
    throw optionError(
      option,
      (naming) => `${naming(option)} is a list of servers such as "127.0.0.1:11211", not ${given}.`,
    );
  }
  const parsed = servers.map((server: unknown) => parseServer(server, option));
  for (const [index, { name }] of parsed.entries()) {
    const first = parsed.findIndex((other) => other.name.toLowerCase() === name.toLowerCase());
    if (first === index) continue;
    throw optionError(
      option,
      (naming) => `${naming(option)} names ${quote(name)} twice. Give it a weight in place of that.`,
    );
  }
  return parsed;
}

function parseServer(server: unknown, option: string): MemcachedServer {
  const refuse = (what: string, create?: (message: string) => Error): Error =>
    optionError(option, (naming) => `${naming(option)} ${what}`, create);
  const { name, host, port, weight } = (typeof server === 'string' && SERVER.exec(server)?.groups) || {};
  if (name === undefined || host === undefined) {
    throw refuse(
      `has ${quote(server)}. Write a server as "HOST:PORT" or "HOST:PORT weight=2", as nginx's ring reads it.`,
    );
  }
  const inRange = (text: string | undefined, noun: string, greatest: number): number => {
    const value = Number(text);
    if (value >= 1 && value <= greatest) return value;
    throw refuse(
      `has ${quote(server)}, whose ${noun} is not from 1 to ${greatest}.`,
      (message) => new RangeError(message),
    );
  };
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: inRange(port, 'port', 65_535),
    weight: inRange(weight ?? '1', 'weight', GREATEST_WEIGHT),
    name,
  };
}
