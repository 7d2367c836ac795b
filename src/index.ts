export type { AssetsOptions } from './assets/options.ts';
export { StaticUrlError, type StaticUrlErrorCode } from './core/errors.ts';
export type { Secret } from './core/hash.ts';
export { type Assets, openAssets } from './serve/index.ts';
export {
  getStaticUrlContent,
  getStaticUrlEnv,
  getStaticUrlFile,
  getStaticUrlGit,
  getStaticUrlNow,
} from './version/index.ts';
export type {
  StaticUrlContentOptions,
  StaticUrlFileOptions,
  StaticUrlGitOptions,
  StaticUrlNowOptions,
  TimeOptions,
} from './version/options.ts';
