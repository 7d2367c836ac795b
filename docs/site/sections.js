import { plainText } from './headings.js';

/**
 * What the search finds: a section of a page, with the text up to the next heading.
 *
 * @typedef {object} Section
 * @property {string} id Its heading's; empty for the opening of the page.
 * @property {string} heading
 * @property {string} text
 */

/**
 * Parts a page at its headings, once they have ids.
 *
 * @param {import('markdown-it').Token[]} tokens
 * @returns {Section[]}
 */
export function pageSections(tokens) {
  const sections = [{ id: '', heading: '', text: '' }];
  for (const [index, token] of tokens.entries()) {
    const section = sections.at(-1);
    const before = tokens[index - 1];
    const isHeading = before?.type === 'heading_open' && before.tag !== 'h1';
    if (token.type === 'heading_open' && token.tag !== 'h1')
      sections.push({ id: String(token.attrGet('id')), heading: '', text: '' });
    else if (section && token.type === 'inline' && isHeading) section.heading = plainText(token);
    else if (section && token.type === 'inline') section.text += `${plainText(token)} `;
    else if (section && token.type === 'fence') section.text += `${token.content.replaceAll(/\s+/g, ' ')} `;
  }
  return sections.map(({ id, heading, text }) => ({ id, heading, text: text.trim() }));
}
