const before = 40;
const length = 160;

/**
 * A line of the list of what was found.
 *
 * @param {import('./search.js').Found} found
 * @param {number} index
 */
export function showFound({ url, page, heading, text, terms }, index) {
  const option = document.createElement('a');
  option.href = url;
  option.id = `site-found-${index}`;
  option.setAttribute('role', 'option');
  option.tabIndex = -1; // the arrow keys lead here
  const place = document.createElement('span');
  place.className = 'find-page';
  place.textContent = heading === '' ? page : `${page} / `;
  const excerpt = document.createElement('span');
  excerpt.className = 'find-text';
  excerpt.append(...marked(excerptOf(text, terms), terms));
  option.append(place, ...marked(heading, terms), excerpt);
  return option;
}

/**
 * The words around the first term that stands in the text.
 *
 * @param {string} text
 * @param {string[]} terms
 */
function excerptOf(text, terms) {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...places, text.length) - before);
  if (places.length === 0 || start === 0) return text.slice(0, length);
  return `… ${text.slice(text.indexOf(' ', start) + 1, start + length)}`;
}

/**
 * @param {string} text
 * @param {string[]} terms
 * @returns {(string | HTMLElement)[]}
 */
function marked(text, terms) {
  const words = terms.toSorted((one, other) => other.length - one.length).map(escape);
  return text.split(new RegExp(`(${words.join('|')})`, 'i')).map((part, index) => {
    if (index % 2 === 0) return part;
    const mark = document.createElement('mark');
    mark.textContent = part;
    return mark;
  });
}

/** @param {string} term */
function escape(term) {
  return term.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
