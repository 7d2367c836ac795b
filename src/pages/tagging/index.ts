import { AsyncLocalStorage } from 'node:async_hooks';
import { requireString } from '../../core/option-kinds.ts';
import type { HttpRequest, HttpResponse } from '../../http/exchange.ts';
import { currentSubject, subjectOf } from '../../render/index.ts';

/** What is noted about a page while the app renders it. */
export class PageNotes {
  readonly tags: Set<string> = new Set<string>();
  /** Whether a tag was given meanwhile, and nobody can tell for which page. */
  isTagLost = false;
  /** Views that the page would name by their live URLs, until they are there. */
  readonly missing: Set<Promise<unknown>> = new Set<Promise<unknown>>();
  /** Whether what the page names is still so, by what it is: asked just before the page lands. */
  readonly checks: Map<string, () => Promise<boolean>> = new Map<string, () => Promise<boolean>>();
  /** Of the page. */
  readonly url: string;
  /** What is common to the pages of an app. */
  readonly owner: object;

  constructor(url: string, owner: object) {
    this.url = url;
    this.owner = owner;
  }

  add(tags: readonly string[]): void {
    for (const tag of tags) this.tags.add(requireString('tag', tag));
  }
}

/** The pages that are being rendered in this process, whoever ordered them. */
const underWay = new Set<PageNotes>();

/** The answer to a visitor's own request: while it is not over, its tags mean nothing. A connection may outlive it. */
const visitors = new AsyncLocalStorage<WeakRef<HttpResponse>>();

/** Begins the notes of a page that is about to be rendered. */
export function openNotes(url: string, owner: object): PageNotes {
  const notes = new PageNotes(url, owner);
  underWay.add(notes);
  return notes;
}

/** Ends the notes of a page, which is rendered or given up. */
export function closeNotes(notes: PageNotes): void {
  underWay.delete(notes);
}

/** Whether the app tags pages by their context. Until it does, no context is marked: before Node 24 marks slow the process. */
let isTagging = false;

/** Marks this async context as a visitor's: tags given in it are not a page's. */
export function enterVisit(response: HttpResponse): void {
  if (isTagging) visitors.enterWith(new WeakRef(response));
}

/** Marks the contexts of visitors from now on. */
export function expectCallers(): void {
  isTagging = true;
}

/** Whether this async context is that of a visitor's own request. */
export function isVisiting(): boolean {
  return visitors.getStore()?.deref()?.writableEnded === false;
}

/**
 * Gives tags to the page that is being rendered; in a visitor's own request it does nothing.
 *
 * A call that has lost its async context, as in a loader that batches, could be for any page: none of those under way is
 * stored, for a page without its tag would outlive its invalidation. So is one in the context of what is over: a database's
 * connection calls back in the context of whoever opened it.
 */
export function tagPage(tags: readonly string[]): void {
  isTagging = true;
  const caller = callingPage();
  if (caller !== undefined) return caller.add(tags);
  if (underWay.size === 0 || isVisiting()) return;
  for (const notes of underWay) notes.isTagLost = true;
  warnOfLostTag();
}

/** The page that is being rendered in this async context. */
export function callingPage(): PageNotes | undefined {
  const subject = currentSubject();
  return subject instanceof PageNotes && underWay.has(subject) ? subject : undefined;
}

/** The pages of an app that are being rendered: a call of which nobody can tell for which page it is may be for any. */
export function pagesUnderWay(owner: object): PageNotes[] {
  return [...underWay].filter((notes) => notes.owner === owner);
}

/** Gives tags to the page that a request renders, whatever the async context; for a visitor's request it does nothing. */
export function tagRequest(request: HttpRequest, tags: readonly string[]): void {
  const subject = subjectOf(request);
  if (subject instanceof PageNotes) subject.add(tags);
}

let isWarningDue = true;

function warnOfLostTag(): void {
  if (!isWarningDue) return;
  isWarningDue = false;
  process.emitWarning(
    'pages.tag() was called where the async context is lost, so the pages that were being rendered are not stored. ' +
      'Call response.locals.pages.tag() there, or tag where the loader is called.',
    { type: 'StaticUrlWarning', code: 'STATIC_URL_TAG_LOST' },
  );
}
