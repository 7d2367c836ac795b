/** @typedef {import('markdown-it').Token} Token */

/**
 * Leaves out the list of contents that a page of the repository begins with: the site makes its own, which goes along as one reads.
 *
 * @param {Token[]} tokens Of the whole page.
 * @returns {Token[]}
 */
export function withoutContents(tokens) {
  const sections = tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h2');
  /** @type {Token[]} */
  const kept = [];
  for (let start = 0; start < sections;) {
    const end = blockEnd(tokens, start);
    const block = tokens.slice(start, end);
    if (!isContents(block)) kept.push(...block);
    start = end;
  }
  return [...kept, ...tokens.slice(Math.max(sections, 0))];
}

/** Where the block ends that begins here: behind the token that closes it. */
function blockEnd(/** @type {Token[]} */ tokens, /** @type {number} */ start) {
  let depth = 0;
  let end = start;
  do {
    depth += tokens[end]?.nesting ?? 0;
    end += 1;
  } while (depth > 0);
  return end;
}

/** Each line of it begins with a link to the page itself, and has no other links. */
function isContents(/** @type {Token[]} */ block) {
  const lines = block.filter(({ type }) => type === 'inline');
  return (
    /^(?:bullet_list|ordered_list|paragraph)_open$/.test(block[0]?.type ?? '') &&
    lines.every(({ children }) => children?.[0]?.type === 'link_open' && children.every(isLinkToItself))
  );
}

function isLinkToItself(/** @type {Token} */ token) {
  return token.type !== 'link_open' || String(token.attrGet('href')).startsWith('#');
}
