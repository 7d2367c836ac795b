export { declaredHeaders, headersOf, type DeclaredHeader } from './declared-headers.ts';
export { decideRequest, keyOfUrl, resolveGate, siteOf, type GateRequest, type GateRules } from './gate.ts';
export { GATE_REASONS, type GateReason } from './gate-reasons.ts';
export { REFUSED_ACCEPT, TAKEN_ACCEPT } from './header-rules.ts';
export { contentType, isBelow, PAGE_SUFFIX, pageFile, siteFolder, STORED_TYPES } from './page-files.ts';
export type { StoredType } from './page-files.ts';
export { isShortKey, LONG_KEY_PATTERN, memcachedKey } from './keys.ts';
export { LENGTH_PATTERN, PATH_PATTERN } from './path-rule.ts';
export { matchUrls, type UrlMatcher } from './url-patterns.ts';
