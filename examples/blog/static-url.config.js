import { join } from 'node:path';
import { defineConfig } from 'static-url/config';

const here = (/** @type {string} */ name) => join(import.meta.dirname, name);

/** Read by the command line and by the app. */
export default defineConfig({
  prefix: '/static/',
  roots: here('public'),
  releases: here('.releases'),
  manifest: here('.deployed.json'),
});
