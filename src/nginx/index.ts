export type { LocationOptions } from './location-options.ts';
export { cacheControlOption, headerList, mediaTypesOption, secondsOption } from './location-values.ts';
export { releasesLocation } from './releases-location.ts';
export { openFilesOption, type ReleasesLocationOptions } from './releases-options.ts';
export { staticLocation } from './static-location.ts';
export type { StaticLocationOptions } from './static-options.ts';
