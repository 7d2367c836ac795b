import { isOptionError, optionError, type OptionError } from '../core/errors.ts';
import { isPlainObject, quote } from '../core/text.ts';
import { validated, type Kind } from '../core/option-kinds.ts';
import {
  resolveMemcachedStore,
  type MemcachedStoreOptions,
  type ResolvedMemcachedStore,
} from '../pages/memcached-store/options.ts';
import { folderPath } from './location-values.ts';

/** What nginx has to know of {@link MemcachedStoreOptions}; give the same object as the store. */
export interface MemcachedPagesOptions extends Omit<MemcachedStoreOptions, 'ttlSeconds'> {
  /** Of no matter to nginx, which only reads. */
  readonly ttlSeconds?: number;
}

/** Pages of a file store. */
export interface FilePages {
  readonly kind: 'files';
  /** Where the current generation of pages is. */
  readonly root: string;
}

/** Pages of a memcached store. */
export interface MemcachedPages extends Pick<
  ResolvedMemcachedStore,
  'servers' | 'types' | 'keyPrefix' | 'deadlineMilliseconds'
> {
  readonly kind: 'memcached';
}

/** The servers and keys of a memcached store. */
export const MEMCACHED: Kind<MemcachedPagesOptions> = validated({ kind: 'none' }, memcachedPages);

function memcachedPages(options: unknown): MemcachedPages {
  if (!isPlainObject(options))
    throw optionError(
      'memcached',
      (name) => `${name('memcached')} is what memcachedStore() is given, an object, not ${quote(options)}.`,
    );
  const given: Readonly<Record<string, unknown>> = options;
  // What is read is checked, whatever its shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const store = { ...given, ttlSeconds: given['ttlSeconds'] ?? 1 } as MemcachedStoreOptions;
  try {
    return { kind: 'memcached', ...resolveMemcachedStore(store, 'The option "memcached"') };
  } catch (error) {
    throw isOptionError(error) && error.option === 'servers' ? aboutServers(error) : error;
  }
}

/** On the command line the servers are all that the flag says. */
function aboutServers(error: OptionError): Error {
  return optionError(
    'memcached',
    (name) => error.inWords((option) => (option === 'servers' ? name('memcached') : name(option))),
    (message) => (error instanceof RangeError ? new RangeError(message) : new TypeError(message)),
  );
}

/**
 * Where nginx finds pages: in the folder of a file store, or in memcached.
 *
 * @throws TypeError where both are given, or none
 */
export function resolvePageSource({
  folder,
  memcached,
}: {
  readonly folder: string | undefined;
  readonly memcached: MemcachedPagesOptions | undefined;
}): FilePages | MemcachedPages {
  if (folder !== undefined && memcached !== undefined)
    throw optionError(
      'folder',
      (name) =>
        `${name('folder')} and ${name('memcached')} are both given, and pages are in one store. Keep ${name('folder')} for fileStore(), or ${name('memcached')} for memcachedStore().`,
    );
  if (memcached !== undefined) return memcachedPages(memcached);
  if (folder !== undefined) return { kind: 'files', root: `${folderPath(folder, 'folder')}/current/pages` };
  throw optionError(
    'folder',
    (name) =>
      `Nginx has to know where the pages are. Give ${name('folder')}, that of fileStore(), or ${name('memcached')}, as memcachedStore() has it.`,
  );
}
