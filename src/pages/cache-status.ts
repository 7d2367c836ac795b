import type { GateReason } from './rules/index.ts';

/** What became of a request, as `Cache-Status` (RFC 9211) says it. */
export type CacheOutcome =
  | { readonly kind: 'hit'; readonly detail?: string }
  | { readonly kind: 'stored' | 'collapsed' }
  /** The app answers: the request may not be answered from the store. */
  | { readonly kind: 'bypass'; readonly reason: GateReason; readonly detail?: string | undefined }
  /** The app answers: there is no page, and none was made in time. */
  | { readonly kind: 'miss'; readonly code: string };

/**
 * A member of `Cache-Status`.
 *
 * @param explain - whether it says why, which tells visitors what the site runs on
 */
export function cacheStatus(outcome: CacheOutcome, explain: boolean): string {
  switch (outcome.kind) {
    case 'hit':
      return withDetail('static-url; hit', outcome.detail, explain);
    case 'stored':
      return explain ? 'static-url; fwd=uri-miss; stored' : 'static-url; fwd=uri-miss';
    case 'collapsed':
      return explain ? 'static-url; fwd=uri-miss; collapsed' : 'static-url; fwd=uri-miss';
    case 'bypass':
      // RFC 9211 §2.2: "method" is a reason of its own.
      return outcome.reason === 'METHOD'
        ? 'static-url; fwd=method'
        : withDetail('static-url; fwd=bypass', detailOf(outcome.reason, outcome.detail), explain);
    case 'miss':
      return withDetail('static-url; fwd=uri-miss', outcome.code, explain);
  }
}

function detailOf(reason: string, detail: string | undefined): string {
  return detail === undefined ? reason : `${reason}:${detail}`;
}

/** RFC 9211 §2.8 takes a token (RFC 9651 §3.3.4) or a string. */
function withDetail(status: string, detail: string | undefined, explain: boolean): string {
  if (!explain || detail === undefined) return status;
  return `${status}; detail=${/^[A-Za-z*][\w!#$%&'*+.^`|~:/-]*$/.test(detail) ? detail : `"${detail.replaceAll(/[^ !#-[\]-~]/g, '')}"`}`;
}
