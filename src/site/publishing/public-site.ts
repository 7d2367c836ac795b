import { countText } from '../../core/text.ts';
import { pathOfUrl } from '../files/redirect-pages.ts';
import { pathOfName, urlOfFile, type SitePlace } from '../routes/site-place.ts';
import type { Target } from '../targets/target.ts';
import type { WantedFile } from './compare-file.ts';
import type { PublishOptions, PublishProgress } from './options.ts';
import { checkPublicUrls } from './public-urls.ts';
import { purgedUrls } from './purged-urls.ts';
import { purgeUrls } from './purge.ts';
import { failed } from './upload-phases.ts';

/** The site as visitors see it, through caches. */
export class PublicSite {
  /** How many URLs caches were told of. */
  purged = 0;
  /** How many URLs were asked for. */
  verified = 0;
  readonly warnings: string[] = [];
  readonly #target: Target;
  readonly #url: string;
  readonly #place: SitePlace;
  readonly #wanted: ReadonlyMap<string, WantedFile>;
  readonly #tell: (stage: PublishProgress['stage'], done: number, total: number) => void;

  /** @param url - what stands before the keys, with a slash at its end */
  constructor(
    target: Target,
    url: string,
    place: SitePlace,
    wanted: readonly WantedFile[],
    tell: (stage: PublishProgress['stage'], done: number, total: number) => void,
  ) {
    this.#target = target;
    this.#url = url;
    this.#place = place;
    this.#wanted = new Map(wanted.map((each) => [each.file.key, each]));
    this.#tell = tell;
  }

  /**
   * Tells caches that files have changed.
   *
   * @throws {@link PublishError} of the step `purge`
   */
  async purge(keys: readonly string[]): Promise<void> {
    const { purge } = this.#target;
    if (purge === undefined) return;
    const urls = purgedUrls(
      keys.map((key) => ({ key, ...this.#pagePath(key) })),
      this.#url,
    );
    if (urls.length === 0) return;
    await purgeUrls(purge, urls, (done, total) => this.#tell('purging', done, total));
    this.purged += urls.length;
  }

  /**
   * Asks for the public URLs of files that have changed.
   *
   * @throws {@link PublishError} of the step `verify URLs`
   */
  async verify(
    keys: Iterable<string>,
    { parallel, verifySeconds: seconds }: Required<Pick<PublishOptions, 'parallel' | 'verifySeconds'>>,
  ): Promise<void> {
    const files = [...keys].flatMap((key) => {
      const wanted = this.#wanted.get(key);
      if (wanted === undefined) return [];
      const { file, headers } = wanted;
      const status = file.record?.page?.status ?? (key === '404.html' ? 404 : 200);
      // What is sent with another status is asked for by its name.
      return [{ key, status, md5: file.md5, headers, ...(status === 200 && this.#pagePath(key)) }];
    });
    const { asked, failures, warnings } = await checkPublicUrls(files, {
      publicUrl: this.#url,
      parallel,
      seconds,
      onProgress: (done, total) => this.#tell('verifying URLs', done, total),
    });
    this.verified += asked;
    this.warnings.push(...warnings);
    if (failures.length > 0)
      throw failed(
        'verify URLs',
        failures,
        `All is uploaded to ${this.#target.name}, but ${countText(failures.length, 'public URL')} ${failures.length === 1 ? 'does' : 'do'} not answer as ${failures.length === 1 ? 'it' : 'they'} should. Nothing was deleted. Publish again once the cause is mended: it asks for them again. To leave this out, use "skipVerify" (--skip-verify)`,
      );
  }

  /** The path by which visitors ask for a page, where that is not its file's. */
  #pagePath(key: string): { readonly pagePath?: string } {
    const page = this.#wanted.get(key)?.file.record?.page;
    if (page === undefined && !/\.html?$/.test(key)) return {};
    const url = page?.url ?? urlOfFile(this.#place, key);
    const path = pathOfUrl(url, this.#place);
    return path === undefined || path === pathOfName(key) ? {} : { pagePath: path.slice(1) };
  }
}
