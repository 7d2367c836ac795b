export { releasesLocation, staticLocation } from './nginx/index.ts';
export type { ReleasesLocationOptions, StaticLocationOptions } from './nginx/options.ts';
