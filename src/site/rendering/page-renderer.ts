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
import type { FailedPage, PageOutcome, PageTask, RenderedPage } from './page-task.ts';
import { BodyStage, type StagedBody } from './staged-body.ts';

/** How pages are rendered, whichever thread does it: plain data. */
export interface RenderingRules {
  readonly base: SiteBase;
  /** Whether the app is asked without the path of the site's origin. */
  readonly stripOriginPath: boolean;
  readonly deadlineMilliseconds: number;
  readonly maxPageBytes: number;
}

/** An address that is nobody's (RFC 5737). */
const ADDRESS = '192.0.2.1';
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Has an app render pages, and writes them. */
export class PageRenderer {
  readonly routes: AppRoutes;
  readonly #app: App;
  readonly #renderer: Renderer;
  readonly #rules: RenderingRules;
  readonly #targets: TargetTable;
  readonly #hashes: XXHashAPI;

  constructor(app: App, renderer: Renderer, rules: RenderingRules, targets: TargetTable, hashes: XXHashAPI) {
    this.#app = app;
    this.#renderer = renderer;
    this.#rules = rules;
    this.#targets = targets;
    this.#hashes = hashes;
    this.routes = new AppRoutes(app);
  }

  /** Renders a page. Rejects where it cannot be written; what the app does wrong is an outcome. */
  async render(task: PageTask): Promise<PageOutcome> {
    const stage = new BodyStage(task.staged, this.#hashes);
    let scanner: PageScanner | undefined;
    let request: IncomingMessage | undefined;
    const rendering = this.#renderer.render({
      ...this.#order(task),
      onRequest: (each) => {
        this.#mount((request = each));
      },
      receiverOf: (head) => {
        if (!task.statusCodes.includes(head.status) || codingOf(head) !== undefined) return undefined;
        if (isHtml(head)) scanner = new PageScanner(task.url, this.#rules.base, this.#targets);
        return (piece) => {
          scanner?.write(piece);
          return stage.take(piece);
        };
      },
    });
    try {
      const head = await rendering.head;
      if (!task.statusCodes.includes(head.status)) {
        const location = head.headers.get('location')?.[0];
        if (REDIRECTS.includes(head.status) && location !== undefined) {
          rendering.abandon();
          return {
            kind: 'redirect',
            status: head.status,
            location,
            appRoute: this.routes.answering(request),
          };
        }
        return unexpected(task, head, await rendering.body);
      }
      const coding = codingOf(head);
      if (coding !== undefined) {
        rendering.abandon();
        return {
          kind: 'failed',
          status: head.status,
          reason: `has the Content-Encoding ${quote(coding)}, though it was not asked for one`,
          details: undefined,
        };
      }
      await rendering.body;
      const body = await stage.end(task.known);
      const difference = task.isCompared ? await this.#compare(task, body) : undefined;
      const { links, noindex } = scanner?.end() ?? { links: '', noindex: false };
      return {
        kind: 'page',
        ...body,
        ...factsOf(head),
        links,
        noindex,
        appRoute: this.routes.answering(request),
        difference,
      };
    } catch (error) {
      await stage.abandon();
      return failed(error);
    }
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
  async #compare(task: PageTask, { digest }: StagedBody): Promise<string | undefined> {
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

function unexpected({ statusCodes }: PageTask, head: RenderedHead, body: Buffer): FailedPage {
  const expected = statusCodes.join(' or ');
  const location = head.headers.get('location')?.[0];
  return {
    kind: 'failed',
    status: head.status,
    reason: `answers ${head.status}${location === undefined ? '' : ` to ${quote(location)}`}, and its route says ${expected}`,
    details: failureDetails(body, head.headers.get('content-type')?.[0] ?? ''),
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
