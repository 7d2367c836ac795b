export { getStaticUrlContent, type StaticUrlContentOptions, versionOfContent } from './content.ts';
export { getStaticUrlEnv, versionOfEnvironment } from './environment.ts';
export { getStaticUrlFile, type StaticUrlFileOptions, versionOfFile } from './file.ts';
export { getStaticUrlGit, type StaticUrlGitOptions, versionOfCommit } from './git.ts';
export { warnOfClosedFolder } from './marker-reach.ts';
export { markCurrent, unmark } from './marker.ts';
export { getStaticUrlNow, type StaticUrlNowOptions, versionOfNow } from './now.ts';
export { staticUrl } from './static-url.ts';
export type { TimeOptions } from './time.ts';
