export { pruneReleases, type PruneReport } from './prune-releases.ts';
export type { RefetchedFile, TransferredBytes } from './refetched-files.ts';
export type { ReleaseFolder, ReleaseReport } from './release-report.ts';
export { requireOutside } from './release-sources.ts';
export { writeRelease } from './write-release.ts';
