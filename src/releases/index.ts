export { requireOutside } from './outside-roots.ts';
export { keepOption, olderThanOption, type PruneOptions } from './prune-options.ts';
export { pruneReleases, type PruneReport } from './prune-releases.ts';
export type { RefetchedFile } from './refetched-files.ts';
export type { ReleaseOptions, ReleaseProgress } from './release-options.ts';
export type { ReleaseFolder, ReleaseReport } from './release-report.ts';
export { writeRelease } from './write-release.ts';
