import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * For development: removes all stored pages once a file has changed from which they are made. It looks at each request,
 * for live reload may have a page loaded again before another watcher has heard of the edit.
 *
 * @param {import('static-url/pages').Pages} pages
 * @param {string[]} folders
 * @returns {import('express').RequestHandler}
 */
export function clearAfterEdits(pages, folders) {
  let known = stateOf(folders);
  return async (_request, _response, next) => {
    const state = stateOf(folders);
    if (state !== known) await pages.clear();
    known = state;
    next();
  };
}

/**
 * @param {string[]} folders
 * @returns {string} Another one after any edit.
 */
function stateOf(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))),
  );
  return files.map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.mtimeMs}`).join('\n');
}
