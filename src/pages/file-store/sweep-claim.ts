import { unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { ifThere, statIfThere, writeNew } from './disk.ts';

/** How long a claim counts that its process does not renew. */
const LEASE_MILLISECONDS = 60_000;

/**
 * Claims the sweep of a store for this process. Two that sweep at once for a moment, where one took the other for dead, do
 * no harm: all that a sweep does may be done twice.
 *
 * @returns what gives the claim back, or `undefined` while another process has it
 */
export function claimSweep(store: string): (() => void) | undefined {
  const file = join(store, 'sweep');
  const stats = statIfThere(file);
  // In either direction: a file server has a clock of its own.
  if (stats && Math.abs(Date.now() - stats.mtimeMs) > LEASE_MILLISECONDS) ifThere(() => unlinkSync(file));
  try {
    writeNew(file, `${process.pid}\n`);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  const renewal = setInterval(() => {
    const now = new Date();
    ifThere(() => utimesSync(file, now, now));
  }, LEASE_MILLISECONDS / 6);
  renewal.unref();
  return () => {
    clearInterval(renewal);
    ifThere(() => unlinkSync(file));
  };
}
