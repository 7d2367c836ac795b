export {
  releasesLocation,
  type ReleasesLocationOptions,
  staticLocation,
  type StaticLocationOptions,
} from './nginx/index.ts';
