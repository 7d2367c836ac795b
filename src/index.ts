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
  type StaticUrlContentOptions,
  type StaticUrlFileOptions,
  type StaticUrlGitOptions,
  type StaticUrlNowOptions,
  type TimeOptions,
} from './version/index.ts';
