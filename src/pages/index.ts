export { createPages } from './create-pages.ts';
export { pageTags, type PageTags } from './preload/page-tags.ts';
export type { ViewQuery } from './preload/view-url.ts';
export {
  type PageResult,
  type PagesReport,
  type PublishOptions,
  type PublishProgress,
} from './publishing.ts';
export type { DeleteOptions, Outdated, Pages, PagesEvents, PurgedPages, RefusedPage } from './pages.ts';
export type { RenewOptions } from './renewal.ts';
export type { HasUrl, Resource } from './resources.ts';
export { STORING_REASONS, type Refusal, type StoringReasonName } from './storing/reasons.ts';
export { PagesUnreachableError } from './unreachable.ts';
export type { Difference, Verification, VerifyOptions } from './verify.ts';
export type { Verdict } from './why.ts';
export type {
  NewPage,
  PageContent,
  PageKey,
  PageStore,
  PendingPage,
  StoredPage,
  StoreSetting,
  SweepVerdict,
} from './store.ts';
