export { staticLocation } from './nginx/static-location.ts';
export type { StaticLocationOptions } from './nginx/static-options.ts';
