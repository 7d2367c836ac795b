export { getStaticUrlContent, versionOfContent } from './content.ts';
export { getStaticUrlEnv, versionOfEnvironment } from './environment.ts';
export { getStaticUrlFile, versionOfFile } from './file.ts';
export { getStaticUrlGit, versionOfCommit } from './git.ts';
export { warnOfClosedFolder } from './marker-reach.ts';
export { markCurrent, unmark } from './marker.ts';
export { getStaticUrlNow, versionOfNow } from './now.ts';
export { staticUrl } from './static-url.ts';
