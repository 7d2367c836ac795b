import { releasesLocation, staticLocation } from '../src/nginx.ts';

/** What stands in the ready-made files for a path that only their reader knows. */
const PREFIX = '/static/';
const ROOT = '/srv/app/public';
const CURRENT = '/srv/app/current';
const RELEASES = '/srv/app/releases';

/** The ready-made files under `nginx/`, by name: the generated text for the documented defaults. */
export function dropInFiles(): Readonly<Record<string, string>> {
  return {
    'static.conf':
      comment([
        `Static files under ${PREFIX}, with or without a version in the URL: /static/<16 hexadecimal digits>/css/app.css.`,
        'Include this in a server block. URLs with a version are cached for seven days.',
        '',
        `Change ${ROOT} to the folder with your files, everywhere below; for another prefix or other options`,
        'generate your own:',
        '',
        `    npx static-url nginx static --prefix ${PREFIX} --root ${ROOT}`,
        '',
        ADD_HEADER,
      ]) + staticLocation({ prefix: PREFIX, root: ROOT }),
    'static-current.conf':
      comment([
        `As static.conf, but only the current version's URLs are cached, for a year, and those of others not at all.`,
        'A deploy removes the old marker before it changes the first file, and leaves the new one after the last:',
        '',
        `    npx static-url unmark ${CURRENT}`,
        '    (copy the files)',
        `    npx static-url mark ${CURRENT} --from content --root ${ROOT}`,
        '',
        `Change ${ROOT} and ${CURRENT} everywhere below, or generate your own:`,
        '',
        `    npx static-url nginx static --prefix ${PREFIX} --root ${ROOT} --current ${CURRENT}`,
        '',
        ADD_HEADER,
      ]) + staticLocation({ prefix: PREFIX, root: ROOT, current: CURRENT }),
    'releases.conf':
      comment([
        `Releases under ${PREFIX}: /static/<16 hexadecimal digits>/css/app.css. Include this in a server block.`,
        'Each released URL keeps its own bytes and is cached for a year. Deploys write into the releases folder before the',
        `app restarts, and nginx is never reloaded: npx static-url release … --releases ${RELEASES}`,
        '',
        `Change ${ROOT} and ${RELEASES} everywhere below, or generate your own:`,
        '',
        `    npx static-url nginx releases --prefix ${PREFIX} --root ${ROOT} --releases ${RELEASES}`,
        '',
        'Each worker keeps up to 200 released files open: raise max in open_file_cache together with worker_rlimit_nofile.',
        '',
        ADD_HEADER,
      ]) + releasesLocation({ prefix: PREFIX, root: ROOT, releases: RELEASES }),
  };
}

const ADD_HEADER =
  'The add_header lines here drop those of your server block (nginx works so): repeat security headers with --header.';

function comment(lines: readonly string[]): string {
  return `${lines.map((line) => `# ${line}`.trimEnd()).join('\n')}\n\n`;
}
