import config, { published } from './static-url.config.js';

export const production = process.env.NODE_ENV === 'production';

/** What every static URL starts with, the folder behind it, where releases of it are kept, and that they have deltas. */
export const { prefix, roots: root, releases, manifest, deltas } = config;

/** Which pages are stored, and where; and the static site that the blog is exported as. */
export const { pages: pageSettings, site: siteSettings } = config;

/** The folder that the site is published to. */
export { published };
