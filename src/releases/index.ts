export { requireOutside } from './outside-roots.ts';
export { pruneReleases, type PruneReport } from './prune-releases.ts';
export type { RefetchedFile } from './refetched-files.ts';
export type { ReleaseFolder, ReleaseReport } from './release-report.ts';
export { writeRelease } from './write-release.ts';
