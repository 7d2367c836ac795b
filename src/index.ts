export { StaticUrlError, type StaticUrlErrorCode } from './core/errors.ts';
export type { Secret } from './core/hash.ts';
export { getStaticUrlContent, type StaticUrlContentOptions } from './version/content.ts';
export { getStaticUrlEnv } from './version/environment.ts';
export { getStaticUrlFile, type StaticUrlFileOptions } from './version/file.ts';
export { getStaticUrlGit, type StaticUrlGitOptions } from './version/git.ts';
export { getStaticUrlNow, type StaticUrlNowOptions } from './version/now.ts';
export type { TimeOptions } from './version/time.ts';
