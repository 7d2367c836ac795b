import { BOOLEAN, callback } from '../core/option-kinds.ts';
import { optionError } from '../core/errors.ts';
import type { Resolved, Table } from '../core/options.ts';
import type { KnownAssets } from './known-assets.ts';
import type { PagesReport, PublishProgress, PublishRun } from './publishing.ts';
import { keyOfUrl, type GateRules } from './rules/index.ts';
import type { PageKey, PageStore, StoredPage } from './store.ts';
import { PagesUnreachableError, unreachable } from './unreachable.ts';

/** Options of {@link Pages.renew}. */
export interface RenewOptions {
  /**
   * Whether the run goes on when more than ten pages, and more than half of all, would be deleted.
   *
   * @defaultValue `false`
   */
  readonly force?: boolean;
  /**
   * Renders nothing, and only says which pages it would render anew.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
  /** Called as the run progresses. */
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** The options of {@link Pages.renew}. */
export const RENEW_OPTIONS: Table<RenewOptions, 'onProgress'> = {
  force: {
    ...BOOLEAN,
    flag: '--force',
    default: false,
    help: 'Whether the run goes on when more than ten pages, and more than half of all, would be deleted.',
  },
  dryRun: {
    ...BOOLEAN,
    flag: '--dry-run',
    default: false,
    help: 'Renders nothing, and only says which pages it would render anew.',
  },
  onProgress: { ...callback(), help: 'Called as the run progresses.' },
};

/** What renewing needs. */
export interface RenewalSetting {
  readonly store: PageStore;
  readonly rules: GateRules;
  readonly assets: KnownAssets;
  /** Renders pages and puts them in the place of those that are stored, the first ones first. */
  readonly publish: (keys: readonly PageKey[], how: PublishRun) => Promise<PagesReport>;
}

/** A page of a store, as far as renewing looks at it. */
type Dated = Pick<StoredPage, 'site' | 'target' | 'storedAt'>;

/** Renders anew the pages that name assets of another version than the present one. */
export class Renewal {
  readonly #setting: RenewalSetting;

  constructor(setting: RenewalSetting) {
    this.#setting = setting;
  }

  /**
   * @throws TypeError without assets
   * @throws {@link StaticUrlError} `PUBLISH_STOPPED`
   * @throws {@link PagesUnreachableError}
   */
  async renew({ dryRun, ...how }: Resolved<RenewOptions, 'onProgress'>): Promise<PagesReport> {
    const isOutdated = await this.judge();
    const outdated: Dated[] = [];
    const list = async (): Promise<undefined> => {
      for await (const page of this.#setting.store.list())
        if (isOutdated(page))
          outdated.push({ site: page.site, target: page.target, storedAt: page.storedAt });
    };
    // What other servers have is renewed all the same.
    const failure = await list().catch(unreachable);
    const { results } = dryRun
      ? {
          results: newestFirst(outdated).map((key) => ({
            url: key.site + key.target,
            result: 'outdated' as const,
          })),
        }
      : await this.publish(outdated, how);
    if (failure !== undefined) throw new PagesUnreachableError([], results, failure);
    return { results };
  }

  /**
   * Tells which pages are to be renewed: those of another version, or of one that nobody knows. Not those that are not
   * listed any more, which a sweep removes.
   *
   * @throws TypeError without assets
   */
  async judge(): Promise<(page: StoredPage) => boolean> {
    const { assets, rules } = this.#setting;
    const version = await assets.version();
    if (version === undefined)
      throw optionError(
        'assets',
        (naming) =>
          `Pages are renewed by the version of the assets that they name, and nothing says which that is. Set ${naming('assets')} to what openAssets() gives, or to a function that gives it.`,
      );
    return ({ url, assetsVersion }) => assetsVersion !== version && keyOfUrl(url, rules).kind === 'page';
  }

  /** Renders pages anew, those that were stored last first: they are likely to be asked for. */
  async publish(pages: readonly Dated[], how: PublishRun): Promise<PagesReport> {
    if (pages.length === 0) return { results: [] };
    return this.#setting.publish(newestFirst(pages), how);
  }
}

function newestFirst(pages: readonly Dated[]): PageKey[] {
  return pages
    .toSorted((one, other) => other.storedAt.getTime() - one.storedAt.getTime())
    .map(({ site, target }) => ({ site, target }));
}
