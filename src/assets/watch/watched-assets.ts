import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { type StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { rootsText } from '../../files/roots.ts';
import { createBurst } from '../../files/watch/burst.ts';
import { FolderWatches } from '../../files/watch/folder-watches.ts';
import { lookUntilWatched } from '../../files/watch/look-until-watched.ts';
import { watchFailure } from '../../files/watch/watch-failure.ts';
import { AssetCollection } from '../assets.ts';
import type { ResolvedAssetsOptions } from '../options.ts';
import { fatalProblems } from '../problems.ts';
import { indexSoundSources } from '../sources/index-sources.ts';
import { type IndexedSources, indexSources } from '../sources/index-sources.ts';
import { type RootTree, SourceTree, folderInterests } from './source-tree.ts';

/** Shorter than live reload waits, so that the page it loads again already has the new URLs. */
const QUIET_MILLISECONDS = 50;
const LONGEST_BURST_MILLISECONDS = 5_000;

function raise(error: StaticUrlError): never {
  throw error;
}

/** Assets that follow their sources. */
export class WatchedAssets extends AssetCollection {
  readonly #options: ResolvedAssetsOptions;
  readonly #hashes: XXHashAPI;
  readonly #tree: SourceTree;
  readonly #watches: FolderWatches;
  #indexed: IndexedSources;
  readonly #complaints: Complaints = createComplaints();
  readonly #burst = createBurst(QUIET_MILLISECONDS, LONGEST_BURST_MILLISECONDS, () => this.#renew());

  /**
   * Reads the sources and begins to watch them: no change after this is missed.
   *
   * @throws {@link StaticUrlError} as `openAssets` does without watching
   */
  static async open(options: ResolvedAssetsOptions): Promise<WatchedAssets> {
    return new WatchedAssets(options, await xxhash());
  }

  private constructor(options: ResolvedAssetsOptions, hashes: XXHashAPI) {
    const { prefix, roots } = options;
    const empty = indexSources(new Map(), options, hashes);
    super(prefix, rootsText(roots), empty.index, hashes);
    this.#indexed = empty;
    this.#options = options;
    this.#hashes = hashes;
    this.#tree = new SourceTree(roots, options, hashes);
    this.#watches = new FolderWatches(
      () => this.#burst.add(),
      (error) => this.#complaints.add(watchFailure('openAssets()', roots, error).message),
    );
    try {
      this.#tree.read(this.#look(raise), raise);
      this.#indexed = indexSoundSources(this.#tree.sources, options, hashes);
      this.replace(this.#indexed.index);
      this.#complain([]);
    } catch (error) {
      this.#watches.close();
      throw error;
    }
  }

  override async close(): Promise<void> {
    this.#watches.close();
    this.#burst.cancel();
    await super.close();
  }

  /** Takes over what is on disk now. What is wrong with it is told, not thrown: it is being worked on. */
  #renew(): void {
    const errors: StaticUrlError[] = [];
    const report = (error: StaticUrlError): void => {
      // What vanishes while it is looked at is told once more, as an event.
      if (error.code !== 'FILE_CHANGED') errors.push(error);
    };
    const isDifferent = this.#tree.read(this.#look(report), report);
    if (isDifferent) this.#indexed = indexSources(this.#tree.sources, this.#options, this.#hashes);
    this.#complain(errors);
    if (isDifferent) this.replace(this.#indexed.index);
  }

  /** Lists the trees when all their folders are watched. */
  #look(report: (error: StaticUrlError) => void): RootTree[] {
    let errors: StaticUrlError[] = [];
    const trees = lookUntilWatched(
      () => {
        errors = [];
        return this.#tree.list((error) => void errors.push(error));
      },
      (listed) => this.#watches.set(folderInterests(listed, this.#options)),
    );
    for (const error of errors) report(error);
    return trees;
  }

  #complain(errors: readonly StaticUrlError[]): void {
    try {
      const problems = fatalProblems(this.#indexed.problems, this.#tree.sources, true);
      this.#complaints.replace([...errors, ...problems].map(({ message }) => message));
    } catch (error) {
      // A file with a problem has vanished before its line was looked up, which is an event of its own.
      if (systemErrorCode(error) === undefined) throw error;
    }
  }
}

/** How many complaints one warning names; the rest are counted. */
const NAMED = 10;

/** What is wrong at present, each told once for as long as it is. */
interface Complaints {
  /** Tells what was not wrong before. */
  replace(messages: readonly string[]): void;
  /** Tells something that stays. */
  add(message: string): void;
}

/** Tells complaints as warnings of the process (`StaticUrlWarning`, `STATIC_URL_WATCH`). */
function createComplaints(): Complaints {
  const lasting = new Set<string>();
  let present = new Set<string>();
  return {
    replace(messages) {
      const fresh = [...new Set(messages)].filter((message) => !present.has(message));
      present = new Set(messages);
      if (fresh.length > 0) warn(fresh);
    },
    add(message) {
      if (!lasting.has(message)) warn([message]);
      lasting.add(message);
    },
  };
}

function warn(messages: readonly string[]): void {
  const more =
    messages.length > NAMED
      ? `\n… and ${messages.length - NAMED} more; "static-url check" lists them all.`
      : '';
  process.emitWarning(messages.slice(0, NAMED).join('\n') + more, {
    type: 'StaticUrlWarning',
    code: 'STATIC_URL_WATCH',
  });
}
