import { isUtf8 } from 'node:buffer';
import { quote } from '../core/text.ts';
import {
  RenderFailure,
  type App,
  type RenderedHead,
  type Renderer,
  type Rendering,
} from '../render/index.ts';
import type { KnownAssets } from './known-assets.ts';
import type { ResolvedPages } from './resolve-pages.ts';
import type { StoredType } from './rules/page-files.ts';
import {
  PageTooLargeError,
  type NewPage,
  type PageContent,
  type PageKey,
  type PendingPage,
} from './store.ts';
import { storedTypeOf } from './storing/media-type.ts';
import { refusal, type Refusal, type StoringReasonName } from './storing/reasons.ts';
import { judgeBody, judgeHead } from './storing/storing-rule.ts';
import { closeNotes, openNotes, type PageNotes } from './tagging/index.ts';

/** What comes of rendering a page for the store. */
export type RenderOutcome =
  | { readonly kind: 'stored'; readonly page: PageContent | undefined }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** What the store threw. */
      readonly failure?: Error;
    };

/** A page that passed, or why it did not. */
export type Judged =
  | { readonly kind: 'fit'; readonly head: RenderedHead; readonly page: NewPage; readonly notes: PageNotes }
  | { readonly kind: 'unfit'; readonly head?: RenderedHead; readonly refusal: Refusal };

/** How often a page is rendered for views that were not there the time before: those of one template come together. */
const MOST_TRIES = 3;

/** Renders pages and judges what comes of it. */
export class PageMaker {
  readonly #renderer: Renderer;
  readonly #options: ResolvedPages;
  readonly #assets: KnownAssets;

  constructor(renderer: Renderer, options: ResolvedPages, assets: KnownAssets) {
    this.#renderer = renderer;
    this.#options = options;
    this.#assets = assets;
  }

  /** Renders a page and stores it in the place that was kept for it, unless it is refused. Never rejects. */
  async make(app: App, key: PageKey, place: Promise<PendingPage | undefined>): Promise<RenderOutcome> {
    try {
      const pending = await place;
      if (pending === undefined) return refused('STORE_FULL', 'The store takes no more pages of this kind.');
      const judged = await this.judge(app, key);
      if (judged.kind === 'unfit') {
        // What the app said of the page counts, whether or not the store still answers.
        await pending.discard().catch(() => {});
        return { kind: 'refused', refusal: judged.refusal };
      }
      if (!(await isStillSo(judged.notes))) {
        await pending.discard().catch(() => {});
        return refused('OVERTAKEN', 'A view that the page preloads has changed while the page rendered.');
      }
      if (!(await pending.land(judged.page)))
        return refused('OVERTAKEN', 'The page was invalidated, deleted or published while it rendered.');
      return { kind: 'stored', page: await this.#options.store.read(key).catch(() => undefined) };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return {
        kind: 'refused',
        refusal: refusal(
          failure instanceof PageTooLargeError ? 'TOO_LARGE' : 'STORE_FAILED',
          failure.message,
        ),
        failure,
      };
    }
  }

  /**
   * Asks the app, and judges nothing.
   *
   * @param headers - beside those of every render
   * @param maxBodyBytes - how long the body may be
   * @throws {@link RenderFailure}
   */
  async ask(
    app: App,
    key: PageKey,
    headers: Readonly<Record<string, string>> = {},
    maxBodyBytes: number = this.#options.maxPageBytes,
  ): Promise<{ head: RenderedHead; body: Buffer }> {
    const notes = openNotes(key.site + key.target, this.#options.rules);
    try {
      const rendering = this.#render(app, key, headers, notes, maxBodyBytes);
      return { head: await rendering.head, body: await rendering.body };
    } finally {
      closeNotes(notes);
    }
  }

  #render(
    app: App,
    key: PageKey,
    headers: Readonly<Record<string, string>>,
    subject: PageNotes,
    maxBodyBytes: number = this.#options.maxPageBytes,
  ): Rendering {
    const { render, deadlineSeconds } = this.#options;
    return this.#renderer.render({
      app,
      origin: key.site,
      target: key.target,
      headers: { ...render.headers, ...headers },
      address: render.address,
      deadlineMilliseconds: deadlineSeconds * 1000,
      maxBodyBytes,
      subject,
    });
  }

  /** Renders a page as for the store, and judges it. Never rejects. */
  async judge(app: App, key: PageKey): Promise<Judged> {
    for (let tries = 1; ; tries += 1) {
      const notes = openNotes(key.site + key.target, this.#options.rules);
      const judged = await this.#judge(app, key, notes);
      if (judged.kind === 'fit' || judged.refusal.reason !== 'PRELOADING' || tries === MOST_TRIES)
        return judged;
      await Promise.all(notes.missing);
    }
  }

  async #judge(app: App, key: PageKey, notes: PageNotes): Promise<Judged> {
    const { storing, declaredFor } = this.#options;
    const context = { ...storing, declared: declaredFor(key.target) };
    let head: RenderedHead | undefined;
    try {
      const assetsVersion = await this.#assetsVersion();
      const rendering = this.#render(app, key, {}, notes);
      head = await rendering.head;
      const unfit = judgeHead(head, context) ?? this.#judgeType(key, head);
      if (unfit !== undefined) {
        rendering.abandon();
        return { kind: 'unfit', head, refusal: unfit };
      }
      const body = this.#strip(await rendering.body);
      let no = judgeBody(body, rendering.readHeaders, context) ?? this.#judgePage(key, head, body, notes);
      // It may name URLs of both versions.
      if (no === undefined && (await this.#assetsVersion()) !== assetsVersion)
        no = refusal('OVERTAKEN', 'The assets changed while the page rendered.');
      return no === undefined
        ? { kind: 'fit', head, page: newPage(head, body, notes, assetsVersion), notes }
        : { kind: 'unfit', head, refusal: no };
    } catch (error) {
      const failure =
        error instanceof RenderFailure
          ? refusal(error.reason, error.message)
          : refusal('SKIPPED', `The option "skip" or "strip" threw: ${String(error)}`);
      return head === undefined
        ? { kind: 'unfit', refusal: failure }
        : { kind: 'unfit', head, refusal: failure };
    } finally {
      closeNotes(notes);
    }
  }

  /** @throws RenderFailure */
  async #assetsVersion(): Promise<string | undefined> {
    try {
      return await this.#assets.version();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RenderFailure('APP_FAILED', `The assets cannot be opened: ${reason}`);
    }
  }

  #judgeType(key: PageKey, head: RenderedHead): Refusal | undefined {
    const expected = this.#options.store.mediaTypeOf?.(key);
    const type = typeOf(head);
    if (expected === undefined || expected === type) return undefined;
    const path = key.target.replace(/\?.*$/s, '');
    return refusal(
      'TYPE_DIFFERS',
      `The page is ${type}, and by "types" of the store it is ${expected}. Put { urls: '${path}', type: '${type}' } first in "types", and print nginx's configuration again.`,
    );
  }

  #strip(body: Buffer): Buffer {
    const { strip } = this.#options;
    // What is no UTF-8 is refused: read as such it would be damaged, and pass.
    return strip === undefined || !isUtf8(body) ? body : Buffer.from(strip(body.toString()));
  }

  /** What the site's own options say of a page. */
  #judgePage(
    { site, target }: PageKey,
    head: RenderedHead,
    body: Buffer,
    { tags, isTagLost, missing }: PageNotes,
  ): Refusal | undefined {
    if (isTagLost)
      return refusal(
        'TAG_LOST',
        'pages.tag() was called, but nobody can tell for which page. Call response.locals.pages.tag() there.',
      );
    if (missing.size > 0)
      return refusal('PRELOADING', 'A view that the page preloads was still being rendered.');
    const { requireTags, skip } = this.#options;
    if (requireTags && tags.size === 0)
      return refusal(
        'NO_TAGS',
        'The page has no tag, and "requireTags" is on. Call pages.tag() where it reads its data.',
      );
    const reason: unknown = skip?.({ ...head, url: site + target, body, tags: [...tags] });
    if (reason === undefined || reason === null || reason === false) return undefined;
    // A promise, such as an asynchronous function gives, may come to a reason.
    return refusal(
      'SKIPPED',
      typeof reason === 'string'
        ? reason
        : `The option "skip" gave ${quote(reason)}. Let it give a reason as a string, or nothing, at once.`,
    );
  }
}

async function isStillSo({ checks }: PageNotes): Promise<boolean> {
  for (const check of checks.values()) if (!(await check())) return false;
  return true;
}

function refused(reason: StoringReasonName, detail: string): RenderOutcome {
  return { kind: 'refused', refusal: refusal(reason, detail) };
}

function newPage(
  head: RenderedHead,
  body: Buffer,
  { tags }: PageNotes,
  assetsVersion: string | undefined,
): NewPage {
  return { body, mediaType: typeOf(head), tags: [...tags], assetsVersion };
}

function typeOf({ headers }: RenderedHead): StoredType {
  return storedTypeOf(headers.get('content-type')?.join(', ')) ?? 'text/html';
}
