import { posix } from 'node:path';
import { pages } from './pages.js';

/**
 * Where a link of the repository leads on the site.
 *
 * @param {string} target As it stands in the Markdown.
 * @param {string} file The file that it stands in, by its path from the top of the repository.
 * @param {{ base: string, repository: string | undefined }} place Where the site lives, and the repository.
 * @returns {string | undefined} Absent for what a reader of the site cannot visit.
 */
export function siteLink(target, file, { base, repository }) {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) return isOwnComputer(target) ? undefined : target;
  if (target.startsWith('#')) return target;
  const [path = '', id] = target.split('#');
  const found = posix.join(posix.dirname(file), path);
  const page = pages.find((each) => each.file === found);
  if (page) return `${base}${page.name}${id === undefined ? '' : `#${id}`}`;
  return repository && `${repository}/blob/HEAD/${found}`;
}

/** An address that only the reader's own computer answers, once something runs there. */
function isOwnComputer(/** @type {string} */ target) {
  return /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)/.test(target);
}
