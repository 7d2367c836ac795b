import { createHash } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder, writeFiles, type Files } from './folder.ts';

/** The version whose marker the site has. */
export const CURRENT = '00112233445566aa';
/** A version that the site has never had. */
export const UNKNOWN = 'ffeeddccbbaa9988';

/** A version of an earlier release that is kept. */
export const RETAINED = '0123456789abcdef';

/** What must never be read through a prefix. */
export const SECRET = 'the secret outside of the root';

/** The files of a site, by asset name. */
export const SITE_FILES: Files = {
  'css/app.css': 'body { background: url(../img/a.png) }\n',
  'css/page.min.css': 'main { color: teal }\n',
  'js/app.mjs': 'export const answer = 42;\n',
  'js/app.js': "import './app.mjs';\n",
  'img/a.png': createHash('sha256').update('png').digest(),
  'img/a b+c%.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'img/grüße.txt': 'grüße\n',
  'img/back\\slash.txt': SECRET,
  'data/LICENSE': 'no extension\n',
  'data/file.unknown': 'unknown\n',
  'data/app.webmanifest': '{}\n',
  'fonts/a.woff2': createHash('sha256').update('font').digest(),
  '2024/year.css': 'a { color: red }\n',
  'face/z.css': 'b { color: red }\n',
  'v1.2/dotted.css': 'i { color: red }\n',
  'index.html': '<!doctype html><title>index</title>\n',
  'css/index.html': '<!doctype html><title>css</title>\n',
};

/** The files of the earlier release: one has changed since, one is gone. */
export const RETAINED_FILES: Files = {
  'css/app.css': 'body { color: red } /* of the earlier release */\n',
  'css/gone.css': 'p { color: red }\n',
};

/** A site on disk: `root`, a marker folder `current`, and beside them what must never be served. */
export interface Site {
  readonly folder: string;
  readonly root: string;
  readonly current: string;
}

/** Writes the site into a temporary folder. */
export async function createSite(t: ExecutionContext): Promise<Site> {
  const folder = await temporaryFolder(t, {
    'secret.txt': SECRET,
    'public-secret/secret.txt': SECRET,
    [`current/${CURRENT}`]: '',
    'outside/linked.txt': 'linked from outside\n',
  });
  const root = join(folder, 'public');
  await writeFiles(root, {
    ...SITE_FILES,
    '.env': SECRET,
    '.git/config': SECRET,
    'css/.hidden.css': SECRET,
    '.well-known/security.txt': 'contact\n',
  });
  await symlink(join(folder, 'outside/linked.txt'), join(root, 'linked.txt'));
  await symlink('css', join(root, 'styles'));
  return { folder, root, current: join(folder, 'current') };
}
