import type { AssetsSource, PageAssets } from './options.ts';

/** The assets whose URLs stand in the pages: what was given, or what the given function gives once a page is rendered. */
export class KnownAssets {
  readonly #source: AssetsSource | undefined;
  readonly #onChange: () => void;
  #opened: Promise<PageAssets> | undefined;
  #heard: PageAssets | undefined;

  /** @param onChange - told when one of them changes: pages may name what is gone */
  constructor(source: AssetsSource | undefined, onChange: () => void) {
    this.#source = source;
    this.#onChange = onChange;
    if (typeof source === 'object') this.#hear(source);
  }

  /**
   * The version of all assets, as it is now; `undefined` where the app has no assets.
   *
   * @throws what the given function throws
   */
  async version(): Promise<string | undefined> {
    if (typeof this.#source !== 'function') return this.#source?.version;
    this.#opened ??= open(this.#source).catch((error: unknown) => {
      // The next call tries again.
      this.#opened = undefined;
      throw error;
    });
    const assets = await this.#opened;
    this.#hear(assets);
    return assets.version;
  }

  /** Listens no more. The assets are closed by who has opened them. */
  close(): void {
    this.#heard?.off('change', this.#onChange);
  }

  #hear(assets: PageAssets): void {
    if (this.#heard === assets) return;
    this.#heard = assets;
    assets.on('change', this.#onChange);
  }
}

async function open(source: () => PageAssets | Promise<PageAssets>): Promise<PageAssets> {
  const assets = await source();
  if (typeof assets?.version === 'string') return assets;
  throw new TypeError(
    'The function in the option "assets" gives something else than what openAssets() gives.',
  );
}
