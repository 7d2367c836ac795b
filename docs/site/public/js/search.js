import MiniSearch from '../vendor/minisearch/index.js';

/**
 * A section that was found.
 *
 * @typedef {object} Found
 * @property {string} url
 * @property {string} page
 * @property {string} heading Empty for the opening of a page.
 * @property {string} text
 * @property {string[]} terms What was found in it, in lower case.
 */

/**
 * Fetches what can be found.
 *
 * @param {string} url
 * @returns {Promise<(text: string) => Found[]>}
 */
export async function openSearch(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
  const index = new MiniSearch({
    idField: 'url',
    fields: ['heading', 'page', 'text'],
    storeFields: ['url', 'page', 'heading', 'text'],
    searchOptions: {
      combineWith: 'AND',
      prefix: true,
      fuzzy: (/** @type {string} */ term) => (term.length > 4 ? 0.2 : false),
      boost: { heading: 4, page: 3 },
    },
  });
  index.addAll(await response.json());
  return (text) => index.search(text, { boostDocument: openingFirst }).map(toFound);
}

/**
 * The opening of a page says what it is about.
 *
 * @param {unknown} _id
 * @param {string} _term
 * @param {Record<string, unknown> | undefined} stored
 */
function openingFirst(_id, _term, stored) {
  return stored?.heading === '' ? 1.5 : 1;
}

/**
 * @param {import('minisearch').SearchResult} result
 * @returns {Found}
 */
function toFound({ url, page, heading, text, terms }) {
  return { url, page, heading, text, terms };
}
