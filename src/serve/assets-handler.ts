import type { AssetCollection } from '../assets/index.ts';
import type { DotfileRule } from '../core/dotfiles.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { outsidePromises, type NextHandler } from '../http/next-handler.ts';
import { refuse, type RefusalStatus } from '../http/refusal.ts';
import { parseRequestPath, pathOf, type AssetRequest } from '../http/request-path.ts';
import { breakOff } from '../http/response-body.ts';
import { Catalogue, type CatalogueSettings } from './catalogue.ts';
import { ContentDigest } from './content-digest.ts';
import { Deltas } from './deltas.ts';
import { FileResponder } from './file-responder.ts';
import { resolveHandlerOptions, type AssetsHandlerOptions, type ResolvedHandlerOptions } from './options.ts';
import { requireRelease, RetainedReleases } from './retained-releases.ts';
import { RootBoundary } from './root-boundary.ts';
import { BORROWED, type Delivery } from './served-file.ts';

/**
 * Answers a request of `node:http`, of `node:http2` by its compatibility API, or of an app made of connect-style
 * middleware.
 *
 * @param next - gets what is not under the prefix; without it that is a 404
 */
export type AssetsHandler = (request: HttpRequest, response: HttpResponse, next?: NextHandler) => void;

/** Where a collection's files are. */
export interface AssetsSource {
  readonly collection: AssetCollection;
  readonly roots: readonly string[];
  /** The releases folder, where there is one. */
  readonly releases: string | undefined;
  readonly dotfileRule: DotfileRule;
}

/**
 * Loads what handlers need once.
 *
 * @returns what makes a handler, with all answers prepared; see {@link Assets.handler}. It throws {@link StaticUrlError}
 *   `RELEASE_NOT_FOUND`.
 */
export async function loadHandlers(
  source: AssetsSource,
): Promise<(options?: AssetsHandlerOptions) => AssetsHandler> {
  const digest = await ContentDigest.load();
  const { collection, roots, releases } = source;
  return (options) => {
    // Beside roots it is for the bytes of earlier releases, and may come later.
    if (roots.length === 0 && releases !== undefined) requireRelease(releases, collection.index);
    const server = new AssetsServer(source, resolveHandlerOptions(options), digest);
    return (request, response, next) => server.handle(request, response, next);
  };
}

type Next = NextHandler | undefined;

/** Column P of the truth table. */
class AssetsServer {
  readonly #source: AssetsSource;
  readonly #options: ResolvedHandlerOptions;
  readonly #prefixPath: string;
  readonly #settings: CatalogueSettings;
  readonly #responder: FileResponder;
  readonly #retained: RetainedReleases | undefined;
  readonly #unversioned: Delivery;
  #catalogue: Catalogue;

  constructor(source: AssetsSource, options: ResolvedHandlerOptions, digest: ContentDigest) {
    const { collection, roots, releases, dotfileRule } = source;
    const { headers, memoryBudgetBytes } = options;
    const folders = [...roots, ...(releases === undefined ? [] : [releases])];
    const boundary = options.followSymlinks ? undefined : new RootBoundary(folders);
    this.#source = source;
    this.#options = options;
    this.#prefixPath = collection.prefix.path;
    this.#settings = { prefixPath: this.#prefixPath, dotfileRule, memoryBudgetBytes, boundary, digest };
    this.#retained = releases === undefined ? undefined : new RetainedReleases(releases, boundary, digest);
    const deltas =
      options.deltas && releases !== undefined ? new Deltas(this.#settings, releases) : undefined;
    this.#responder = new FileResponder(headers, boundary, digest, deltas);
    this.#unversioned = { cacheControl: options.unversionedCacheControl, isVersioned: false };
    this.#catalogue = new Catalogue(collection.index, this.#settings);
  }

  handle(request: HttpRequest, response: HttpResponse, next: Next): void {
    const { method, url = '' } = request;
    try {
      this.#renew();
    } catch (error) {
      // The rest of the app needs no assets.
      if (next && !pathOf(url).startsWith(this.#prefixPath)) next();
      else this.#report(error, response, next);
      return;
    }
    const isRead = method === 'GET' || method === 'HEAD';
    const file = isRead ? this.#catalogue.byUrl(url) : undefined;
    if (file !== undefined && this.#responder.sendAtOnce(file, request, response)) return;
    const path = pathOf(url);
    if (!path.startsWith(this.#prefixPath)) {
      if (next) next();
      else this.#refuse(response, 404);
    } else {
      const rest = path.slice(this.#prefixPath.length);
      const handOn = next && outsidePromises(next);
      this.#answer(rest, request, response, handOn).catch((error: unknown) =>
        this.#report(error, response, handOn),
      );
    }
  }

  /** Prepares all answers anew when watched files have changed. */
  #renew(): void {
    const { index } = this.#source.collection;
    if (index !== this.#catalogue.index)
      this.#catalogue = new Catalogue(index, this.#settings, this.#catalogue);
  }

  /** What happens to an error of the system, such as too many open files. */
  #report(error: unknown, response: HttpResponse, next: Next): void {
    if (response.headersSent) breakOff(response);
    else if (next) next(error);
    else this.#refuse(response, 500);
  }

  async #answer(rest: string, request: HttpRequest, response: HttpResponse, next: Next): Promise<void> {
    const { method } = request;
    const asked = parseRequestPath(rest, this.#source.dotfileRule);
    if (method !== 'GET' && method !== 'HEAD') return this.#fail(response, 405, asked.version, next);
    if (asked.kind !== 'asset')
      return this.#fail(response, asked.kind === 'refused' ? asked.status : 404, asked.version, next);
    const { version, asset } = asked;
    const isAnswered =
      version === undefined
        ? await this.#sendCurrent(asset, request, response, this.#unversioned)
        : await this.#sendVersion(asked, version, request, response);
    if (!isAnswered) this.#fail(response, 404, version, next);
  }

  /** The current bytes of a name, else the newest that a kept release has. */
  async #sendCurrent(
    asset: string,
    request: HttpRequest,
    response: HttpResponse,
    delivery: Delivery,
  ): Promise<boolean> {
    const file = this.#catalogue.byName(asset);
    if (file && (await this.#responder.sendFromDisk(file, { request, response, delivery }))) return true;
    const earlier = await this.#retained?.findByName(asset);
    if (earlier === undefined) return false;
    return this.#responder.sendFromDisk(earlier, { request, response, delivery: BORROWED });
  }

  /** Current, else of an earlier release, else what the name stands for. */
  async #sendVersion(
    asked: AssetRequest,
    version: string,
    request: HttpRequest,
    response: HttpResponse,
  ): Promise<boolean> {
    const { asset } = asked;
    const current = this.#catalogue.byVersion(asked);
    if (current && (await this.#responder.sendVersion(current, version, request, response))) return true;
    const retained = await this.#retained?.find(version, asset);
    // What is current is sent only with the bytes that it must have.
    const isRight = current === undefined || retained?.identity.hash === current.identity.hash;
    if (retained && isRight && (await this.#responder.sendVersion(retained, version, request, response)))
      return true;
    if (this.#options.unknownVersion === 'not-found') return false;
    return this.#sendCurrent(asset, request, response, BORROWED);
  }

  #fail(response: HttpResponse, status: RefusalStatus, version: string | undefined, next: Next): void {
    if (next && version === undefined && this.#options.fallthrough) next();
    else this.#refuse(response, status);
  }

  #refuse(response: HttpResponse, status: RefusalStatus): void {
    refuse(response, status, this.#options.headers);
  }
}
