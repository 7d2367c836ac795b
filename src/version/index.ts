export { getStaticUrlContent, versionOfContent } from './content.ts';
export { getStaticUrlEnv, versionOfEnvironment } from './environment.ts';
export { getStaticUrlFile, versionOfFile } from './file.ts';
export { getStaticUrlGit, versionOfCommit } from './git.ts';
export { markCurrent, unmark, warnOfClosedFolder } from './marker.ts';
export { getStaticUrlNow, versionOfNow } from './now.ts';
