/** What a host makes of a path of the site. */
export type SiteAnswer =
  | { readonly kind: 'file'; readonly file: string }
  /** To the one path that the page has: with or without the slash at its end. */
  | { readonly kind: 'redirect'; readonly path: string }
  | { readonly kind: 'missing' };

/** Whether the paths of pages end in a slash. */
export type TrailingSlash = 'never' | 'always';

/**
 * Finds the file of a path, by the rule that the preview, nginx's text and the check of links share: a page is the
 * `index.html` of its folder, or the file with `.html` behind its name. The file's own URL, `/about/index.html`, leads to
 * the page.
 *
 * @param path - a raw path of the site, without query: it begins with `/`
 * @param has - whether there is a file of a name, relative to the site's folder
 */
export function answerOf(path: string, slash: TrailingSlash, has: (file: string) => boolean): SiteAnswer {
  const name = decoded(path);
  if (name === undefined) return { kind: 'missing' };
  if (name === '' || name.endsWith('/')) {
    if (!has(`${name}index.html`)) return { kind: 'missing' };
    if (name === '' || slash === 'always') return { kind: 'file', file: `${name}index.html` };
    return { kind: 'redirect', path: path.slice(0, -1) };
  }
  if (!has(name)) return pageAnswer(path, name, slash, has);
  if (!`/${name}`.endsWith('/index.html')) return { kind: 'file', file: name };
  if (!path.endsWith('/index.html')) return { kind: 'missing' };
  const folder = path.slice(0, -'index.html'.length);
  return { kind: 'redirect', path: folder === '/' || slash === 'always' ? folder : folder.slice(0, -1) };
}

function pageAnswer(
  path: string,
  name: string,
  slash: TrailingSlash,
  has: (file: string) => boolean,
): SiteAnswer {
  if (has(`${name}/index.html`)) {
    if (slash === 'never') return { kind: 'file', file: `${name}/index.html` };
    return { kind: 'redirect', path: `${path}/` };
  }
  return has(`${name}.html`) ? { kind: 'file', file: `${name}.html` } : { kind: 'missing' };
}

/** The name that a path stands for, without the slash at its start; `undefined` for what names no file. */
function decoded(path: string): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
  const isFit = !name.includes('\0') && !name.includes('\\') && !/%2f/i.test(path);
  const segments = name.replace(/\/$/, '').split('/');
  const climbs = segments.some((segment) => segment === '.' || segment === '..');
  return isFit && !climbs && (name === '' || !segments.includes('')) ? name : undefined;
}
