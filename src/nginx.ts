export { releasesLocation } from './nginx/releases-location.ts';
export type { ReleasesLocationOptions } from './nginx/releases-options.ts';
export { staticLocation } from './nginx/static-location.ts';
export type { StaticLocationOptions } from './nginx/static-options.ts';
