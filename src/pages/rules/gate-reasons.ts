import type { PageKey } from '../store.ts';

/** Why a request is not answered from the store: it goes to the app untouched. In the order in which they are asked. */
export const GATE_REASONS = {
  METHOD: 'the method is neither GET nor HEAD',
  BODY: 'the request has a body, or the length of one',
  UPGRADE: 'the request asks for another protocol, such as a WebSocket',
  AUTHORIZATION: 'the request has an Authorization header',
  RANGE: 'the request asks for a part of the page',
  HEADER: 'the request has a header that only scripts send, or one of bypassHeaders',
  ACCEPT: 'the request takes no HTML, or names JSON, an event stream or a Turbo stream',
  SITE: 'the Host is none of the sites, is absent, or is given twice',
  PATH: 'the path is not in its canonical form, or too long',
  QUERY: 'the query is not made of the declared parameters, each once, in their order',
  URL: 'no pattern of urls has the path',
  EXCLUDED: 'a pattern of exclude has the path',
  KEY_LENGTH:
    'the store takes no page of so long a URL: memcached takes keys of 250 bytes, and each "%" as three',
  COOKIE: 'the request has a cookie that matters',
} as const;

/** One of the names of {@link GATE_REASONS}. */
export type GateReason = keyof typeof GATE_REASONS;

/** The request may be answered with the page of the key. */
interface PageDecision {
  readonly kind: 'page';
  readonly key: PageKey;
}

/** The request is for the app. */
export interface BypassDecision {
  readonly kind: 'bypass';
  readonly reason: GateReason;
  /** Which header it was. */
  readonly detail?: string;
  /** The names of the cookies that matter. */
  readonly cookies?: readonly string[];
}

/** Whether a request may be answered from the store. */
export type GateDecision = PageDecision | BypassDecision;
