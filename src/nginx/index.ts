export { releasesLocation } from './releases-location.ts';
export { staticLocation } from './static-location.ts';
