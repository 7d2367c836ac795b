import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { MemcachedServer } from './servers.ts';

/** What is wrong with a server. Only the first may pass by itself. */
export type UnreachableReason = 'no-answer' | 'no-memcached' | 'several-addresses';

/** A server did not answer in time, or not as memcached does. */
export class MemcachedUnreachable extends StaticUrlError {
  readonly server: MemcachedServer;
  /** How a message goes on behind the server's name. */
  readonly problem: string;
  readonly reason: UnreachableReason;
  /** Whether something was sent: the server may then have carried it out, now or later. */
  readonly wasSent: boolean;

  constructor(
    server: MemcachedServer,
    problem: string,
    { wasSent, reason = 'no-answer', cause }: UnreachableDetails,
  ) {
    super('STORE_UNREACHABLE', `The memcached at ${quote(server.name)} ${problem}`, { cause });
    this.server = server;
    this.problem = problem;
    this.reason = reason;
    this.wasSent = wasSent;
  }
}

export interface UnreachableDetails {
  readonly wasSent: boolean;
  readonly reason?: UnreachableReason;
  readonly cause?: unknown;
}
