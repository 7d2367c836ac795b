import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { hasDotfile } from '../../core/dotfiles.ts';
import { systemErrorCode, type StaticUrlError } from '../../core/errors.ts';
import { rootsText } from '../../files/roots.ts';
import { TreeWatch, watchFailure } from '../../files/watch/tree-watch.ts';
import { AssetCollection } from '../assets.ts';
import { withBundle } from '../bundles/bundled-assets.ts';
import type { ResolvedAssetsOptions } from '../options.ts';
import { pressingProblems, summary } from '../problems.ts';
import { indexSoundSources, indexSources, type IndexedSources } from '../sources/index-sources.ts';
import { SourceTree } from './source-tree.ts';
import { WatchedBundle } from './watched-bundle.ts';

/** Shorter than live reload waits, so that the page it loads again already has the new URLs. */
const QUIET_MILLISECONDS = 50;

function raise(error: StaticUrlError): never {
  throw error;
}

/** Assets that follow their sources. */
export class WatchedAssets extends AssetCollection {
  readonly #options: ResolvedAssetsOptions;
  readonly #hashes: XXHashAPI;
  readonly #tree: SourceTree;
  readonly #watch: TreeWatch;
  readonly #bundle: WatchedBundle | undefined;
  #indexed: IndexedSources;
  /** What is wrong at present, told once for as long as it is. */
  #complaints: ReadonlySet<string> = new Set();
  /** What went wrong with watching, which stays. */
  readonly #failures = new Set<string>();

  /**
   * Reads the sources and begins to watch them: no change after this is missed.
   *
   * @throws {@link StaticUrlError} as `openAssets` does without watching
   */
  static async open(options: ResolvedAssetsOptions): Promise<WatchedAssets> {
    return new WatchedAssets(options, await xxhash());
  }

  private constructor(options: ResolvedAssetsOptions, hashes: XXHashAPI) {
    const { prefix, roots, bundle } = options;
    const empty = indexSources(new Map(), options, hashes);
    super(prefix, rootsText(roots), empty.index, hashes);
    this.#indexed = empty;
    this.#options = options;
    this.#hashes = hashes;
    this.#tree = new SourceTree(hashes);
    const watching = {
      isSkipped: (segments: readonly string[]) => hasDotfile(segments, options),
      quietMilliseconds: QUIET_MILLISECONDS,
      pollMilliseconds: options.pollMilliseconds,
      onEvent: () => this.#renew(),
      onError: (cause: unknown) => {
        const { message } = watchFailure('openAssets()', roots, cause);
        if (!this.#failures.has(message)) warn([message]);
        this.#failures.add(message);
      },
    };
    this.#bundle = bundle && new WatchedBundle(bundle, watching);
    this.#watch = new TreeWatch({ ...watching, paths: roots });
    try {
      this.#tree.read(this.#watch.look(raise), raise);
      this.#indexed = indexSoundSources(this.#tree.sources, options, hashes);
      this.replace(withBundle(this.#indexed.index, this.#bundle?.bundle, roots));
      this.#complain([]);
      this.#followFresh();
    } catch (error) {
      this.#watch.close();
      this.#bundle?.close();
      throw error;
    }
  }

  override async close(): Promise<void> {
    this.#watch.close();
    this.#bundle?.close();
    await super.close();
  }

  /** Takes over what is on disk now. What is wrong with it is told, not thrown: it is being worked on. */
  #renew(): void {
    const errors: StaticUrlError[] = [];
    const report = (error: StaticUrlError): void => {
      // What vanishes while it is looked at is told once more, as an event.
      if (error.code !== 'FILE_CHANGED') errors.push(error);
    };
    const isBuilt = this.#bundle?.read(report) ?? false;
    const isChanged = this.#tree.read(this.#watch.look(report), report);
    if (isChanged) this.#indexed = indexSources(this.#tree.sources, this.#options, this.#hashes);
    const bundle = this.#bundle?.entries(this.#indexed.index, this.#options.roots, report);
    this.#complain(errors);
    if (isChanged || isBuilt) this.replace({ ...this.#indexed.index, ...(bundle && { bundle }) });
    this.#followFresh();
  }

  /** Who polls is told of no change that leaves the times as they are: what is fresh is read once more. */
  #followFresh(): void {
    const sources = [...this.#tree.sources.values()];
    if (sources.some(({ signature }) => signature.isFresh)) this.#watch.lookLater();
  }

  #complain(errors: readonly StaticUrlError[]): void {
    try {
      const problems = pressingProblems(this.#indexed.problems, this.#tree.sources);
      const present = new Set([...errors, ...problems].map(({ message }) => message));
      const fresh = [...present].filter((message) => !this.#complaints.has(message));
      this.#complaints = present;
      if (fresh.length > 0) warn(fresh);
    } catch (error) {
      // A file with a problem has vanished before its line was looked up, which is an event of its own.
      if (systemErrorCode(error) === undefined) throw error;
    }
  }
}

function warn(messages: readonly string[]): void {
  process.emitWarning(summary(messages), { type: 'StaticUrlWarning', code: 'STATIC_URL_WATCH' });
}
