import { systemErrorCode } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { isRender, type App } from '../render/index.ts';
import { cacheStatus, type CacheOutcome } from './cache-status.ts';
import { appended, PageAnswers } from './page-answer.ts';
import type { RenderOutcome } from './page-render.ts';
import type { RenderJobs, SharedOutcome } from './render-jobs.ts';
import { RefusalMemory } from './refusal-memory.ts';
import type { ResolvedPages } from './resolve-pages.ts';
import { decideRequest } from './rules/index.ts';
import type { PageContent, PageKey } from './store.ts';
import type { Refusal } from './storing/reasons.ts';
import { enterVisit } from './tagging/index.ts';
import { isUnreachable } from './unreachable.ts';
import { withinSeconds } from './within-seconds.ts';

/** What answering visitors asks, and whom it tells what it sees. */
export interface VisitObserver {
  /** Rejects when the store cannot be used. */
  readonly opened: Promise<void>;
  /** Told at the first visitor, and once, that the site goes on without the store. */
  readonly onClosedStore: (error: Error) => void;
  /** The server that a visitor came through, if it can be told. */
  readonly appOf: (request: HttpRequest) => App | undefined;
  readonly onRefused: (key: PageKey, refusal: Refusal) => void;
  readonly onBypass: (cookies: readonly string[]) => void;
  /** A page was answered that is older than it may be. */
  readonly onOutdated: (key: PageKey) => void;
  /** Told of failures to read the store that the store did not survive itself: of each kind once. */
  readonly onUnreadable: (error: Error) => void;
}

/** A request that is the app's to answer: most of what is not for the store costs no promise of its own. */
const THE_APPS: Promise<boolean> = Promise.resolve(false);

/** Answers visitors from the store, and has missing pages rendered. */
export class Visits {
  readonly memory: RefusalMemory = new RefusalMemory();
  readonly #options: ResolvedPages;
  readonly #answers: PageAnswers;
  readonly #jobs: RenderJobs;
  readonly #observer: VisitObserver;
  /** Whether the store can be asked. */
  #isOpen: Promise<boolean>;
  #hasOpened = false;
  /** Why it cannot, until that has been told. */
  #failure: Error | undefined;
  #running = 0;
  /** The kinds of failures to read the store that were told. */
  readonly #told = new Set<string>();

  constructor(options: ResolvedPages, jobs: RenderJobs, observer: VisitObserver) {
    this.#options = options;
    this.#answers = new PageAnswers(options);
    this.#jobs = jobs;
    this.#observer = observer;
    this.#isOpen = observer.opened.then(
      () => (this.#hasOpened = true),
      (error: Error) => {
        this.#failure = error;
        return false;
      },
    );
  }

  /** Leaves all that come from now on to the app. */
  close(): void {
    this.#hasOpened = false;
    this.#isOpen = THE_APPS;
  }

  /**
   * Answers a request from the store, where it may be.
   *
   * @returns `false` when it is the app's to answer
   */
  answer(request: HttpRequest, response: HttpResponse): Promise<boolean> {
    if (isRender(request)) return THE_APPS;
    enterVisit(response);
    // Even of those who go to the app: what is published later goes through the same server.
    const app = this.#observer.appOf(request);
    // Whatever has begun the answer goes on with it.
    if (response.headersSent) return THE_APPS;
    const { rules } = this.#options;
    const decision = decideRequest(
      {
        method: request.method,
        target: targetOf(request),
        headers: request.headers,
        rawHeaders: request.rawHeaders ?? [],
        httpVersionMajor: request.httpVersionMajor,
      },
      rules,
    );
    if (decision.kind === 'bypass') {
      if (decision.cookies !== undefined) this.#observer.onBypass(decision.cookies);
      this.#leave(response, decision);
      return THE_APPS;
    }
    return this.#answerPage(request, response, decision.key, app);
  }

  async #answerPage(
    request: HttpRequest,
    response: HttpResponse,
    key: PageKey,
    app: App | undefined,
  ): Promise<boolean> {
    const isOpen = this.#hasOpened || (await this.#isOpen);
    const page = isOpen ? await this.#read(key) : undefined;
    if (isOver(response)) return true;
    if (!isOpen) {
      if (this.#failure !== undefined) this.#observer.onClosedStore(this.#failure);
      this.#failure = undefined;
      return this.#leave(response, { kind: 'miss', code: 'STORE_FAILED' });
    }
    if (page === undefined) return this.#miss(request, response, key, app);
    const isOutdated = this.#options.isOutdated(key.target, page.storedAt);
    if (isOutdated) this.#observer.onOutdated(key);
    this.#send(
      request,
      response,
      key,
      page,
      isOutdated ? { kind: 'hit', detail: 'OUTDATED' } : { kind: 'hit' },
    );
    return true;
  }

  /** A page of the store. A store that fails takes no visitor's page away. */
  async #read(key: PageKey): Promise<PageContent | undefined> {
    try {
      return await this.#options.store.read(key);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      const kind = systemErrorCode(error) ?? error.name;
      if (!this.#told.has(kind)) this.#observer.onUnreadable(error);
      this.#told.add(kind);
      return undefined;
    }
  }

  async #miss(
    request: HttpRequest,
    response: HttpResponse,
    key: PageKey,
    app: App | undefined,
  ): Promise<boolean> {
    const url = key.site + key.target;
    const pattern = this.#options.patternOf(key.target);
    const remembered = this.memory.remembered(url, pattern);
    if (remembered !== undefined) return this.#leave(response, { kind: 'miss', code: remembered.code });
    if (app === undefined) return this.#leave(response, { kind: 'miss', code: 'NO_APP' });
    const shared = await withinSeconds(this.#options.waitSeconds, this.#share(app, key, url, pattern));
    if (isOver(response)) return true;
    if (shared === undefined) return this.#leave(response, { kind: 'miss', code: 'WAITED' });
    const { outcome, collapsed } = shared;
    if (outcome.kind === 'refused')
      return this.#leave(response, { kind: 'miss', code: outcome.refusal.code });
    // Removed since it landed: the app answers.
    if (outcome.page === undefined) return this.#leave(response, { kind: 'miss', code: 'OVERTAKEN' });
    this.#send(request, response, key, outcome.page, { kind: collapsed ? 'collapsed' : 'stored' });
    return true;
  }

  /**
   * Renders a view that a page preloads, unless it is known to be refused.
   *
   * @param isNested - whether a page that is being rendered waits for it: then it must not wait for a place of its own
   */
  async renderView(app: App, key: PageKey, isNested: boolean): Promise<RenderOutcome> {
    const url = key.site + key.target;
    const pattern = this.#options.patternOf(key.target);
    const remembered = this.memory.remembered(url, pattern);
    if (remembered !== undefined) return { kind: 'refused', refusal: remembered };
    return (await this.#share(app, key, url, pattern, isNested)).outcome;
  }

  async #share(
    app: App,
    key: PageKey,
    url: string,
    pattern: number,
    isNested = false,
  ): Promise<SharedOutcome> {
    let isOurs = false;
    try {
      const shared = await this.#jobs.share(app, key, () => {
        isOurs = isNested || this.#running < this.#options.renders;
        if (isOurs && !isNested) this.#running += 1;
        return isOurs;
      });
      if (isOurs) this.#note(shared, key, url, pattern);
      return shared;
    } finally {
      if (isOurs && !isNested) this.#running -= 1;
    }
  }

  #note({ outcome }: SharedOutcome, key: PageKey, url: string, pattern: number): void {
    if (outcome.kind === 'stored') this.memory.noteStored(url, pattern);
    else {
      this.memory.noteRefusal(url, pattern, outcome.refusal, isUnreachable(outcome.failure));
      this.#observer.onRefused(key, outcome.refusal);
    }
  }

  #send(
    request: HttpRequest,
    response: HttpResponse,
    { target }: PageKey,
    page: PageContent,
    outcome: CacheOutcome,
  ): void {
    this.#answers.send(request, response, page, target, cacheStatus(outcome, this.#options.explain));
  }

  /** Leaves a request to the app. */
  #leave(response: HttpResponse, outcome: CacheOutcome): false {
    response.setHeader('Cache-Status', appended(response, cacheStatus(outcome, this.#options.explain)));
    return false;
  }
}

/** As the client sent it: frameworks take off what a router is mounted on. */
export function targetOf(request: HttpRequest & { readonly originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '/';
}

/** Whether nobody waits for an answer any more: the visitor has left, or something else has answered. */
function isOver(response: HttpResponse): boolean {
  return (
    response.headersSent ||
    response.writableEnded ||
    response.destroyed === true ||
    response.req.socket.destroyed
  );
}
