import { keptHeaders } from '../http/kept-headers.ts';
import type { App } from '../render/index.ts';
import type { Judged, PageMaker } from './page-render.ts';
import { keyOfUrl, type GateRules } from './rules/index.ts';
import type { PageStore } from './store.ts';
import { urlRefusal } from './url-refusal.ts';

/** What the gate and the storing rule decide about a page. */
export interface Verdict {
  readonly url: string;
  /** Whether an anonymous visitor's request for it may be answered from the store. */
  readonly isListed: boolean;
  /** Whether the page, as it was rendered just now, would be stored. */
  readonly isStorable: boolean;
  /** When the page was stored that visitors get now. */
  readonly storedAt?: Date;
  /** The name of the reason against it. */
  readonly code?: string;
  /** What that is, and what to change. */
  readonly detail?: string;
  /** What the app answered just now. */
  readonly status?: number;
  /** How long the app took, in milliseconds. */
  readonly renderMilliseconds?: number;
  /** The headers of the answer that the option `headers` has to name for the page to be stored. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What explaining and verifying a page needs. */
export interface InspectionSetting {
  readonly rules: GateRules;
  readonly store: PageStore;
  readonly maker: PageMaker;
  /** Headers that a page may lose, in lower case. */
  readonly lost: readonly string[];
  /** @throws {@link StaticUrlError} `APP_UNKNOWN` */
  readonly app: () => Promise<App>;
}

/** Renders a page afresh, stores nothing, and tells what the gate and the storing rule decide. */
export async function explainPage(
  url: string,
  { rules, store, maker, app, lost }: InspectionSetting,
): Promise<Verdict> {
  const decision = keyOfUrl(url, rules);
  if (decision.kind === 'bypass') return { url, isListed: false, isStorable: false, ...urlRefusal(decision) };
  const { key } = decision;
  const stored = await store.read(key);
  const target = await app();
  const began = performance.now();
  const judged: Judged = await maker.judge(target, key);
  const renderMilliseconds = Math.round(performance.now() - began);
  const { head } = judged;
  return {
    url: key.site + key.target,
    isListed: true,
    isStorable: judged.kind === 'fit',
    ...(stored === undefined ? {} : { storedAt: stored.storedAt }),
    ...(judged.kind === 'fit' ? {} : { code: judged.refusal.code, detail: judged.refusal.detail }),
    ...(head === undefined
      ? {}
      : { status: head.status, headers: Object.fromEntries(keptHeaders(head.headers, lost)) }),
    renderMilliseconds,
  };
}
