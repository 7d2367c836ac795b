import type { IncomingMessage } from 'node:http';
import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import { quote } from '../../core/text.ts';
import {
  RenderFailure,
  type App,
  type RenderedHead,
  type Renderer,
  type RenderOrder,
} from '../../render/index.ts';
import { keptHeaders } from '../../http/kept-headers.ts';
import { PageScanner, type SiteBase, type TargetTable } from '../checks/index.ts';
import { firstDifference } from './first-difference.ts';
import { failureDetails } from './failure-details.ts';
import { AppRoutes } from './app-routes.ts';
import type { FailedPage, PageOutcome, PageTask, RenderedPage, RenderedRedirect } from './page-task.ts';
import type { PageWriter, WrittenPage } from './page-writer.ts';
import { Slots } from './slots.ts';
import { BodyStage } from './staged-body.ts';

/** How pages are rendered, whichever thread does it: plain data. */
export interface RenderingRules {
  readonly base: SiteBase;
  /** Whether the app is asked without the path of the site's origin. */
  readonly stripOriginPath: boolean;
  readonly deadlineMilliseconds: number;
  readonly maxPageBytes: number;
  /** How many pages the app renders at a time. */
  readonly concurrency: number;
}

/** What pages are written with. */
export interface PageTools {
  readonly targets: TargetTable;
  readonly hashes: XXHashAPI;
  readonly writer: PageWriter;
}

/** An address that is nobody's (RFC 5737). */
const ADDRESS = '192.0.2.1';
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const UNWANTED: FailedPage = {
  kind: 'failed',
  status: undefined,
  reason: 'is not wanted',
  details: undefined,
};

/** Has an app render pages, and writes them. */
export class PageRenderer {
  readonly routes: AppRoutes;
  readonly #app: App;
  readonly #renderer: Renderer;
  readonly #rules: RenderingRules;
  readonly #targets: TargetTable;
  readonly #hashes: XXHashAPI;
  readonly #writer: PageWriter;
  /** For the app: pages that are being written take none. */
  readonly #slots: Slots;

  constructor(app: App, renderer: Renderer, rules: RenderingRules, { targets, hashes, writer }: PageTools) {
    this.#app = app;
    this.#renderer = renderer;
    this.#rules = rules;
    this.#targets = targets;
    this.#hashes = hashes;
    this.#writer = writer;
    this.#slots = new Slots(rules.concurrency);
    this.routes = new AppRoutes(app);
  }

  /**
   * Renders a page. Rejects where it cannot be written; what the app does wrong is an outcome.
   *
   * @param isWanted - asked once it is the page's turn
   */
  async render(task: PageTask, isWanted: () => boolean = () => true): Promise<PageOutcome> {
    await this.#slots.take();
    if (!isWanted()) {
      this.#slots.free();
      return UNWANTED;
    }
    let isRendering = true;
    const endRendering = (): void => {
      if (isRendering) this.#slots.free();
      isRendering = false;
    };
    let request: IncomingMessage | undefined;
    let stage: BodyStage | undefined;
    const rendering = this.#renderer.render({
      ...this.#order(task),
      onRequest: (each) => {
        this.#mount((request = each));
      },
      receiverOf: (head) => {
        if (problemOf(task, head) !== undefined) return undefined;
        const body = new BodyStage(task.staged, this.#hashes, () => this.#scannerOf(task, head));
        stage = body;
        return (piece) => body.take(piece);
      },
    });
    try {
      const head = await rendering.head;
      const problem = problemOf(task, head);
      if (problem === 'redirect') {
        rendering.abandon();
        return redirectOf(head, this.routes.answering(request));
      }
      const body = await rendering.body;
      endRendering();
      if (problem !== undefined || stage === undefined) return unfit(task, head, body);
      const written = await this.#write(task, head, stage);
      const difference = task.isCompared ? await this.#compare(task, written) : undefined;
      const appRoute = this.routes.answering(request);
      return { kind: 'page', ...written, ...factsOf(head), appRoute, difference };
    } catch (error) {
      await stage?.abandon();
      return failed(error);
    } finally {
      endRendering();
    }
  }

  async #write({ url, staged, known }: PageTask, head: RenderedHead, stage: BodyStage): Promise<WrittenPage> {
    const body = stage.whole;
    if (body === undefined) return stage.endLong(known);
    return this.#writer.write({ url, isHtml: isHtml(head), body, staged, known });
  }

  #scannerOf({ url }: PageTask, head: RenderedHead): PageScanner | undefined {
    return isHtml(head) ? new PageScanner(url, this.#rules.base, this.#targets) : undefined;
  }

  #order(task: PageTask): RenderOrder {
    const { base, deadlineMilliseconds, maxPageBytes } = this.#rules;
    return {
      app: this.#app,
      origin: base.origin,
      target: task.target,
      headers: task.language === undefined ? {} : { 'Accept-Language': task.language },
      address: ADDRESS,
      deadlineMilliseconds,
      maxBodyBytes: maxPageBytes,
      subject: task,
    };
  }

  /** As Express mounts an app: it sees its own paths, and in `baseUrl` where it stands. */
  #mount(request: IncomingMessage): void {
    const { base, stripOriginPath } = this.#rules;
    const { url = '/' } = request;
    if (base.path === '/' || !stripOriginPath || !url.startsWith(base.path)) return;
    request.url = url.slice(base.path.length - 1);
    Object.assign(request, { originalUrl: url, baseUrl: base.path.slice(0, -1) });
  }

  /** The first line of a second render that is another one, where its bytes are. */
  async #compare(task: PageTask, { digest }: WrittenPage): Promise<string | undefined> {
    const ask = (): Promise<Buffer> =>
      this.#renderer.render({ ...this.#order(task), onRequest: (each) => this.#mount(each) }).body;
    const second = await ask();
    if (hexadecimal(this.#hashes.h64Raw(second)) === digest) return undefined;
    return firstDifference(second, await ask());
  }
}

/** The coding of a body that a file would not have. */
function codingOf({ headers }: RenderedHead): string | undefined {
  const coding = headers.get('content-encoding')?.join(', ');
  return coding === 'identity' ? undefined : coding;
}

function isHtml({ headers }: RenderedHead): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type')?.[0] ?? '');
}

function factsOf(
  head: RenderedHead,
): Pick<RenderedPage, 'status' | 'contentType' | 'headers' | 'setsCookie'> {
  const kept = keptHeaders(head.headers, ['set-cookie', 'location']);
  return {
    status: head.status,
    contentType: head.headers.get('content-type')?.[0] ?? '',
    headers: Object.fromEntries(kept),
    setsCookie: head.headers.has('set-cookie'),
  };
}

/** What is wrong with an answer; `undefined` for one that becomes a page. */
function problemOf(
  { statusCodes }: PageTask,
  head: RenderedHead,
): 'redirect' | 'status' | 'coding' | undefined {
  if (!statusCodes.includes(head.status))
    return REDIRECTS.includes(head.status) && head.headers.has('location') ? 'redirect' : 'status';
  return codingOf(head) === undefined ? undefined : 'coding';
}

function redirectOf({ status, headers }: RenderedHead, appRoute: string | undefined): RenderedRedirect {
  return { kind: 'redirect', status, location: headers.get('location')?.[0] ?? '', appRoute };
}

function unfit({ statusCodes }: PageTask, head: RenderedHead, body: Buffer): FailedPage {
  const isExpected = statusCodes.includes(head.status);
  return {
    kind: 'failed',
    status: head.status,
    reason: isExpected
      ? `has the Content-Encoding ${quote(codingOf(head))}, though it was not asked for one`
      : `answers ${head.status}, and its route says ${statusCodes.join(' or ')}`,
    details: isExpected ? undefined : failureDetails(body, head.headers.get('content-type')?.[0] ?? ''),
  };
}

/** What the app did wrong. What is not its fault, such as a full disk, is thrown on. */
function failed(error: unknown): FailedPage {
  if (!(error instanceof RenderFailure)) throw error;
  if (error.reason === 'ABANDONED' && error.cause !== undefined) throw error.cause;
  const { cause } = error;
  return {
    kind: 'failed',
    status: undefined,
    reason: error.message.replace(/^"[^"]*" /, '').replace(/\.$/, ''),
    details: cause instanceof Error ? (cause.stack ?? cause.message) : undefined,
  };
}
