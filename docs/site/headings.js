/**
 * A heading below the title.
 *
 * @typedef {object} Heading
 * @property {number} level
 * @property {string} id
 * @property {string} text
 */

/**
 * Gives headings the ids that they have on GitHub, so that one link fits both: lower case; letters, numbers, `-` and `_` stay; each
 * space becomes a hyphen; what is there already is counted.
 *
 * @returns {(text: string) => string}
 */
export function createIds() {
  /** @type {Set<string>} */
  const ids = new Set();
  return (text) => {
    const plain = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let id = plain;
    for (let count = 1; ids.has(id); count += 1) id = `${plain}-${count}`;
    ids.add(id);
    return id;
  };
}

/**
 * The text that a reader sees of a line of Markdown.
 *
 * @param {import('markdown-it').Token} inline
 * @returns {string}
 */
export function plainText(inline) {
  return (inline.children ?? [])
    .map(({ type, content }) => {
      if (type === 'softbreak' || type === 'hardbreak') return ' ';
      return type === 'html_inline' ? '' : content;
    })
    .join('');
}
