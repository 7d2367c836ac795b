export { pruneReleases, type PruneReport } from './prune-releases.ts';
export type { RefetchedFile, ReleaseFolder, ReleaseReport } from './release-report.ts';
export { requireOutside } from './release-sources.ts';
export { writeRelease } from './write-release.ts';
