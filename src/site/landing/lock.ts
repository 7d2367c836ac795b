import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { takeFolderLock } from '../../files/folder-lock.ts';
import type { SiteLayout } from './site-layout.ts';

/**
 * Makes a run the only one that writes a site.
 *
 * @returns gives the lock up
 * @throws {@link StaticUrlError} `SITE_LOCKED`
 */
export async function lockSite({ out, lock }: SiteLayout, run: string): Promise<() => Promise<void>> {
  const taken = await takeFolderLock(lock, run);
  if ('unlock' in taken) return taken.unlock;
  const { state, file, text } = taken.holder;
  const advice =
    state === 'alive'
      ? 'Wait until it is done, or end that process.'
      : `Whether it still runs cannot be told from here. If it does not, remove ${quote(file)}.`;
  throw new StaticUrlError(
    'SITE_LOCKED',
    `Another export is writing ${quote(out)}${text === '' ? '' : `: ${text}`}. ${advice}`,
  );
}
