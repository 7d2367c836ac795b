export { keepOption, olderThanOption, type PruneOptions } from './prune-options.ts';
export { pruneReleases, type PruneReport } from './prune-releases.ts';
export type { ReleaseOptions, ReleaseProgress } from './release-options.ts';
export type { RefetchedFile, ReleaseFolder, ReleaseReport } from './release-report.ts';
export { requireOutside } from './release-sources.ts';
export { writeRelease } from './write-release.ts';
