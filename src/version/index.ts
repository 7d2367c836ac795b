export { versionOfContent } from './content.ts';
export { variableIn, versionOfEnvironment } from './environment.ts';
export { versionOfFile } from './file.ts';
export { versionOfCommit } from './git.ts';
export { markCurrent, unmark, warnOfClosedFolder } from './marker.ts';
export { versionOfNow } from './now.ts';
