import MarkdownIt from 'markdown-it';
import { openHighlighter } from './code.js';
import { withoutContents } from './contents.js';
import { createIds, plainText } from './headings.js';
import { siteLink } from './links.js';
import { pageSections } from './sections.js';

/** @typedef {import('markdown-it').Token} Token */

/**
 * A page, ready for its template.
 *
 * @typedef {object} Rendered
 * @property {string} title
 * @property {string} description Its first sentences.
 * @property {string} opening HTML up to the first section.
 * @property {string} rest HTML of all sections.
 * @property {import('./headings.js').Heading[]} headings Without the title.
 * @property {import('./sections.js').Section[]} sections What the search knows of it.
 */

/**
 * Opens the renderer.
 *
 * @param {Parameters<typeof siteLink>[2]} place Where the site lives.
 * @returns {Promise<(text: string, file: string) => Rendered>} Renders the text of a file of the repository.
 */
export async function openMarkdown(place) {
  const highlight = await openHighlighter();
  const markdown = new MarkdownIt({ html: true }).disable('replacements');
  Object.assign(markdown.renderer.rules, {
    fence: (/** @type {Token[]} */ tokens, /** @type {number} */ index) =>
      highlight(tokens[index]?.content ?? '', tokens[index]?.info ?? ''),
    table_open: () => '<div class="table"><table>\n',
    table_close: () => '</table></div>\n',
    html_block: () => '', // comments for those who edit the file
  });

  return (text, file) => {
    // The reference speaks of flags and JSON, in which a quotation mark is a character that one types.
    markdown.set({ typographer: file !== 'docs/reference.md' });
    const tokens = withoutContents(markdown.parse(text, {}));
    for (const { children } of tokens) if (children) mendLinks(children, file, place);
    const [title, ...headings] = nameHeadings(tokens);
    const sections = pageSections(tokens);
    for (const [index, token] of tokens.entries())
      if (token.type === 'heading_open') addAnchor(token, tokens[index + 1]);
    const first = tokens.findIndex(isSection);
    const split = first === -1 ? tokens.length : first;
    const render = (/** @type {Token[]} */ some) => markdown.renderer.render(some, markdown.options, {});
    return {
      title: title?.text ?? '',
      description: firstSentences(tokens),
      opening: render(tokens.slice(0, split)),
      rest: render(tokens.slice(split)),
      headings,
      sections,
    };
  };
}

function isSection(/** @type {Token} */ token) {
  return token.type === 'heading_open' && token.tag === 'h2';
}

/** Gives each heading its id, and lists them. */
function nameHeadings(/** @type {Token[]} */ tokens) {
  const createId = createIds();
  return [...tokens.entries()].flatMap(([index, token]) => {
    const inline = tokens[index + 1];
    if (token.type !== 'heading_open' || !inline) return [];
    const text = plainText(inline);
    const id = createId(text);
    token.attrSet('id', id);
    return [{ level: Number(token.tag.slice(1)), id, text }];
  });
}

/** A link to the section, for those who want to pass it on. The contents of the page are the way for everybody else. */
function addAnchor(/** @type {Token} */ heading, /** @type {Token | undefined} */ inline) {
  if (heading.tag === 'h1' || !inline?.children) return;
  const anchor = Object.assign(Object.create(Object.getPrototypeOf(heading)), inline.children[0], {
    type: 'html_inline',
    content: ` <a class="anchor" href="#${heading.attrGet('id')}" aria-hidden="true" tabindex="-1">#</a>`,
  });
  inline.children.push(anchor);
}

/** Has links lead to the site's own URLs; what cannot be visited stays as text, and an address as code. */
function mendLinks(
  /** @type {Token[]} */ children,
  /** @type {string} */ file,
  /** @type {Parameters<typeof siteLink>[2]} */ place,
) {
  let dead = false;
  for (const [index, token] of children.entries()) {
    if (token.type === 'link_open') {
      const target = siteLink(String(token.attrGet('href')), file, place);
      dead = target === undefined;
      if (target !== undefined) token.attrSet('href', target);
      else if (token.info === 'auto')
        Object.assign(children[index + 1] ?? {}, { type: 'code_inline', tag: 'code' });
    }
    if (dead && token.type.startsWith('link_')) token.hidden = true;
  }
}

/** What a search engine may show of the first paragraph: whole sentences, about two lines. */
function firstSentences(/** @type {Token[]} */ tokens) {
  const opened = tokens.findIndex(({ type, level }) => type === 'paragraph_open' && level === 0);
  const inline = tokens[opened + 1];
  const [first = '', ...others] = inline ? plainText(inline).split(/(?<=[.!?]) /) : [];
  let description = first;
  for (const sentence of others) {
    if (description.length + sentence.length > 160) break;
    description += ` ${sentence}`;
  }
  return description;
}
