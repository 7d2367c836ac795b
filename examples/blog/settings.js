import { join } from 'node:path';
import { getStaticUrlFile, getStaticUrlNow } from 'static-url';

export const production = process.env.NODE_ENV === 'production';

/** What every static URL starts with. */
export const prefix = '/static/';

/** The folder behind the prefix. */
export const root = join(import.meta.dirname, 'public');

/** Each deploy touches this file, so that every process of one deploy gives out the same URL. */
export const sentinel = join(import.meta.dirname, '.deployed');

/** Starts every static URL in the views: `<%= staticUrl %>css/site.css`. */
export const staticUrl = production
  ? getStaticUrlFile(prefix, sentinel, { time: 'mtime' })
  : getStaticUrlNow(prefix);
