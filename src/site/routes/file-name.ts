import mimeTypes from 'mime-types';
import { didYouMean, quote } from '../../core/text.ts';
import { nameValue, type ParamValues } from './path-pattern.ts';

/** The longest name of a file or folder on the file systems of Linux, macOS and Windows, in bytes. */
const MOST_NAME_BYTES = 255;

/**
 * The file of a path: the path itself where its last segment has an extension that stands for a media type, else
 * `index.html` in the folder of the path.
 *
 * @param path - raw, of the site: it begins with `/`
 * @throws TypeError for what can be no file
 */
export function fileOfPath(path: string): string {
  const name = decodeURIComponent(path.slice(1)).replace(/\/$/, '');
  checkFile(name);
  if (name === '') return 'index.html';
  return !path.endsWith('/') && hasKnownExtension(name) ? name : `${name}/index.html`;
}

function hasKnownExtension(name: string): boolean {
  return /[^/.][^/]*\.[^/.]+$/.test(name) && mimeTypes.lookup(name) !== false;
}

/**
 * The file that an option `file` names: `posts/{slug}.html`.
 *
 * @throws TypeError for a parameter that is not there, and for what can be no file
 */
export function fileOfTemplate(template: string, values: ParamValues): string {
  const name = template.replaceAll(/\{([^{}]*)\}/g, (_, parameter: string) => {
    const value = values.get(parameter);
    if (value !== undefined) return nameValue(value);
    throw new TypeError(
      `The option "file" is ${quote(template)}, and the page has no parameter ${quote(parameter)}.${didYouMean(parameter, [...values.keys()])}`,
    );
  });
  const file = name.replace(/^\//, '');
  const whole = file === '' || file.endsWith('/') ? `${file}index.html` : file;
  checkFile(whole);
  return whole;
}

/**
 * Refuses what can be no file in the site.
 *
 * @throws TypeError
 */
function checkFile(name: string): void {
  if (name === '') return;
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.' || segment === '..')
      throw new TypeError(`The file would be ${quote(name)}, with the segment ${quote(segment)}.`);
    if (/[\p{Cc}\\]/u.test(segment))
      throw new TypeError(
        `The file would be ${quote(name)}: no file of a site may have a backslash or a control character in its name.`,
      );
    const bytes = Buffer.byteLength(segment);
    if (bytes > MOST_NAME_BYTES)
      throw new TypeError(
        `The file would have a name of ${bytes} bytes (${quote(`${segment.slice(0, 40)}…`)}), and file systems take ${MOST_NAME_BYTES}. Name it with the option "file" of the route.`,
      );
  }
}
