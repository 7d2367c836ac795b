import xxhash from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import { quote } from '../../core/text.ts';
import { STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type {
  NewPage,
  PageContent,
  PageKey,
  PageStore,
  PendingPage,
  StoredPage,
  StoreSetting,
} from '../store.ts';
import { ProcessCounts } from './counts.ts';
import { describeStoreError } from './disk-errors.ts';
import { DiskFailures } from './disk-failures.ts';
import { isMissing, isThere } from './disk.ts';
import { Generations, removeGeneration } from './generations.ts';
import { endOfLog, hasGrownSince } from './invalidation-log.ts';
import {
  finishLanding,
  land,
  prepareLanding,
  removeLeftovers,
  type Begun,
  type LandedPage,
  type ReadyPage,
} from './landing.ts';
import { isNameable, landingOf } from './names.ts';
import { resolveFileStoreOptions, type FileStoreOptions, type ResolvedFileStoreOptions } from './options.ts';
import { claimFolder, type OwnerMark } from './owner-mark.ts';
import { createPending, pendingOf, removePending } from './pending-files.ts';
import { isStored, storedPage } from './plain-files.ts';
import { PageReader } from './reader.ts';
import { notesOf, recordName } from './records.ts';
import { deletePages, deletePagesBelow, invalidateTags, type Later } from './removal.ts';
import { claimSweep } from './sweep-claim.ts';
import { isTidyingDue, noteTidying, removeLeftPending, sweepPages, tidy, type Sweep } from './sweep.ts';
import { Tidying } from './tidying.ts';
import { UsageEstimate } from './usage.ts';
import { allPages } from './walk.ts';
import { join } from 'node:path';

/** A {@link PageStore} of files. */
export interface FileStore extends PageStore {
  /** Absolute; nginx serves what is in `current/pages`. */
  readonly folder: string;
}

/**
 * Keeps pages as files, for many processes of a host at once, without locks.
 *
 * @example
 * ```js
 * const pages = createPages({ sites, urls, store: fileStore({ folder: '/var/cache/blog-pages' }) });
 * ```
 *
 * @throws TypeError, RangeError for wrong options
 */
export function fileStore(options: FileStoreOptions): FileStore {
  return new FolderStore(resolveFileStoreOptions(options));
}

/** What is left of a render that takes longer than its deadline for so long is swept. */
const MARGIN_MILLISECONDS = 60_000;

/** How far pages without a query may go beyond the limits until a sweep removes the oldest. */
const ROOM_TO_SWEEP = 1.1;

/** How often the store may be cleared just as a page is begun. */
const TRIES = 10;

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What there is from the first opening to the last closing. */
interface Opened {
  readonly setting: StoreSetting;
  readonly hash: (body: Buffer) => string;
  readonly reader: PageReader;
}

class FolderStore implements FileStore {
  readonly folder: string;
  readonly #options: ResolvedFileStoreOptions;
  readonly #generations: Generations;
  readonly #counts: ProcessCounts;
  readonly #usage = new UsageEstimate();
  readonly #failures: DiskFailures;
  readonly #later = new Tidying((error) => this.#survive(error));
  #mark: OwnerMark | undefined;
  #opened: Opened | undefined;
  #openings = 0;
  #hasTidied = false;

  constructor(options: ResolvedFileStoreOptions) {
    this.#options = options;
    this.folder = options.folder;
    this.#failures = new DiskFailures(options.folder);
    this.#generations = new Generations(this.folder, () => {
      if (this.#mark !== undefined) claimFolder(this.folder, this.#mark);
    });
    this.#counts = new ProcessCounts(this.folder);
  }

  async open(setting: StoreSetting): Promise<void> {
    const { sites, environment } = setting;
    const mark = { owner: this.#options.owner ?? sites[0] ?? '', environment };
    try {
      claimFolder(this.folder, mark);
      this.#mark = mark;
      this.#generations.ensure();
    } catch (error) {
      // A store that cannot be written is no reason for a site not to start.
      this.#failures.survive(error, setting);
    }
    this.#openings += 1;
    if (this.#opened) return;
    const hashes = await xxhash();
    const hash = (body: Buffer): string => hexadecimal(hashes.h64Raw(body));
    this.#opened ??= { setting, hash, reader: new PageReader(this.folder, hash) };
  }

  async close(): Promise<void> {
    this.#openings -= 1;
    if (this.#openings > 0) return;
    await this.#later.done();
    this.#opened = undefined;
  }

  async read(key: PageKey): Promise<PageContent | undefined> {
    try {
      const { reader } = this.#open();
      return reader.remembered(key) ?? (await reader.read(key));
    } catch (error) {
      this.#survive(error);
      return undefined;
    }
  }

  async begin(key: PageKey, { fence }: { readonly fence: boolean }): Promise<PendingPage | undefined> {
    const { maxPages, maxBytes } = this.#options;
    if (!isNameable(key)) return undefined;
    for (let left = TRIES; ; left -= 1) {
      try {
        const generation = this.#generations.ensure();
        // The oldest go at the next sweep; until then a flood gets no further, and one of queries not even so far.
        const room = key.target.includes('?') ? 1 : ROOM_TO_SWEEP;
        const limits = { pages: maxPages * room, bytes: maxBytes * room };
        if (this.#usage.isFull(generation, limits) && !isStored(generation, key)) return undefined;
        if (fence) removePending(generation, pendingOf(generation, key));
        const place = endOfLog(generation.log);
        return this.#pendingPage({ generation, key, place, ...createPending(generation, key) });
      } catch (error) {
        // The store is being cleared.
        if (isMissing(error) && left > 0) continue;
        this.#survive(error);
        throw describeStoreError(error, this.folder);
      }
    }
  }

  #pendingPage(begun: Begun): PendingPage {
    const { generation, name, place } = begun;
    return {
      isJoinable: async () =>
        isThere(join(generation.pending, name)) &&
        this.#generations.isCurrent(generation) &&
        !hasGrownSince(generation.log, place),
      land: (page) => this.#land(begun, page),
      discard: async () => {
        try {
          removePending(generation, [name]);
        } catch (error) {
          this.#survive(error);
        }
      },
    };
  }

  async #land(begun: Begun, page: NewPage): Promise<boolean> {
    const { mediaType, body } = page;
    if (!isStoredType(mediaType))
      throw new TypeError(`A page is not stored with the media type ${quote(mediaType)}.`);
    let ready: ReadyPage | undefined;
    let failure: unknown;
    let landed: LandedPage | undefined;
    try {
      ready = await prepareLanding(
        begun,
        { ...page, tags: [...new Set(page.tags)] },
        this.#options.compress,
        this.#open().hash(body),
      );
      landed = ready && land(begun, ready);
    } catch (error) {
      this.#survive(error);
      failure = describeStoreError(error, this.folder);
    }
    try {
      // Once it has landed, what fails takes nothing back.
      if (ready && landed) finishLanding(begun, ready, landed);
      removeLeftovers(begun, landed ? undefined : ready);
    } catch (error) {
      this.#survive(error);
    }
    if (failure !== undefined) throw failure;
    if (!ready || !landed) return false;
    if (!landed.replaced) this.#usage.add(body.length);
    if (!this.#generations.isCurrent(begun.generation)) return false;
    this.#opened?.reader.keep(begun.key, page, ready);
    return true;
  }

  delete(keys: readonly PageKey[]): Promise<PageKey[]> {
    return this.#changing(() => deletePages(this.#generations, keys));
  }

  deleteBelow(key: PageKey): Promise<PageKey[]> {
    return this.#changing(() => deletePagesBelow(this.#generations, key));
  }

  invalidate(tags: readonly string[]): Promise<StoredPage[]> {
    const later: Later = (task) => this.#later.add(task);
    return this.#changing(() => invalidateTags(this.#generations, this.#open().setting.sites, tags, later));
  }

  async clear(): Promise<PageKey[]> {
    const old = await this.#changing(async () => this.#generations.replace());
    const gone: PageKey[] = [];
    if (!old) return gone;
    // Looked for when nobody sees them any more: none that lands meanwhile is left out.
    for await (const { key } of allPages(old, this.#open().setting.sites)) gone.push(key);
    await removeGeneration(old);
    return gone;
  }

  async *list(): AsyncGenerator<StoredPage, void, undefined> {
    const generation = this.#generations.current();
    if (!generation) return;
    for await (const { key, plain } of allPages(generation, this.#open().setting.sites))
      yield storedPage(key, plain, notesOf(generation, recordName(key, landingOf(plain.stats))));
  }

  async sweep(judge: Sweep['judge'], renew: Sweep['renew']): Promise<boolean> {
    try {
      const release = claimSweep(this.folder);
      if (!release) return false;
      await this.#sweepClaimed(judge, renew).finally(release);
      return true;
    } catch (error) {
      this.#survive(error);
      return false;
    }
  }

  async #sweepClaimed(judge: Sweep['judge'], renew: Sweep['renew']): Promise<void> {
    const { maxPages, maxBytes } = this.#options;
    const { sites, deadlineMilliseconds } = this.#open().setting;
    const leftMilliseconds = deadlineMilliseconds + MARGIN_MILLISECONDS;
    for (const abandoned of this.#generations.abandoned(leftMilliseconds)) await removeGeneration(abandoned);
    const generation = this.#generations.ensure();
    const limits = { pages: maxPages, bytes: maxBytes };
    const sweep = { generation, sites, limits, leftMilliseconds, judge, renew };
    removeLeftPending(sweep);
    if (!this.#hasTidied || isTidyingDue(this.folder)) {
      await tidy(sweep);
      noteTidying(this.folder);
      this.#counts.forgetOlderThan(DAY_MILLISECONDS);
      this.#hasTidied = true;
    }
    await sweepPages(sweep);
    this.#usage.lookAgain();
  }

  async saveCounts(counts: Readonly<Record<string, number>>): Promise<void> {
    await this.#changing(async () => this.#counts.save(counts));
  }

  async counts(): Promise<Readonly<Record<string, number>>> {
    return this.#counts.sums();
  }

  #open(): Opened {
    if (this.#opened) return this.#opened;
    throw new Error(`The store of pages ${quote(this.folder)} is not open. Call open() first.`);
  }

  /** Does what must not fail unseen. */
  async #changing<Value>(change: () => Promise<Value>): Promise<Value> {
    try {
      return await change();
    } catch (error) {
      throw describeStoreError(error, this.folder);
    }
  }

  /** Tells an error of the disk once; the site goes on without the store. */
  #survive(error: unknown): void {
    this.#failures.survive(error, this.#open().setting);
  }
}

function isStoredType(mediaType: string): mediaType is StoredType {
  return Object.hasOwn(STORED_TYPES, mediaType);
}
