import { wholeNumber } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';

/** How changes are noticed on a file system that sends no events: all that watches takes this option. */
export interface PollingOptions {
  /**
   * Looks at the files again after so many milliseconds, for mounts that send no events. `CHOKIDAR_USEPOLLING` and
   * `CHOKIDAR_INTERVAL` in the environment override it.
   *
   * @defaultValue waits for events
   */
  readonly pollMilliseconds?: number;
}

export const POLLING_OPTIONS: Table<PollingOptions, 'pollMilliseconds'> = {
  pollMilliseconds: {
    ...wholeNumber('milliseconds', 1),
    defaultText: 'waits for events',
    help: 'Looks at the files again after so many milliseconds, for mounts that send no events.',
  },
};

const DEFAULT_MILLISECONDS = 100;

/**
 * How long to wait between two looks; `undefined` to wait for events. The environment decides as it does for chokidar,
 * which most other tools watch with.
 *
 * @param asked - the option `pollMilliseconds`
 */
export function pollingInterval(
  asked: number | undefined,
  { CHOKIDAR_USEPOLLING = '', CHOKIDAR_INTERVAL = '' }: NodeJS.ProcessEnv = process.env,
): number | undefined {
  const wanted = CHOKIDAR_USEPOLLING.trim().toLowerCase();
  const isWanted = wanted === '' ? asked !== undefined : !['0', 'false'].includes(wanted);
  if (!isWanted) return undefined;
  const interval = Number.parseInt(CHOKIDAR_INTERVAL, 10);
  return interval > 0 ? interval : (asked ?? DEFAULT_MILLISECONDS);
}
