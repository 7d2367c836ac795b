export type { AssetsOptions } from './assets/options.ts';
export { StaticUrlError, type StaticUrlErrorCode } from './core/errors.ts';
export type { Secret } from './core/hash.ts';
export { openAssets, type Assets } from './serve/open-assets.ts';
export { getStaticUrlContent } from './version/content.ts';
export { getStaticUrlEnv } from './version/environment.ts';
export { getStaticUrlFile } from './version/file.ts';
export { getStaticUrlGit } from './version/git.ts';
export { getStaticUrlNow } from './version/now.ts';
export type {
  StaticUrlContentOptions,
  StaticUrlFileOptions,
  StaticUrlGitOptions,
  StaticUrlNowOptions,
  TimeOptions,
} from './version/options.ts';
