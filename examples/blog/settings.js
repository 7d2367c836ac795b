import config, { published } from './static-url.config.js';

export const production = process.env.NODE_ENV === 'production';

/** What every static URL starts with, the folder behind it, and where releases of it are kept. */
export const { prefix, roots: root, releases, manifest } = config;

/** Which pages are stored, and where; and the static site that the blog is exported as. */
export const { pages: pageSettings, site: siteSettings } = config;

/** The folder that the site is published to. */
export { published };
