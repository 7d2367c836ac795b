import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { sitePages } from './site.ts';

const CHECKOUT = new URL('../../', import.meta.url);
const CLI = fileURLToPath(new URL('dist/cli/bin.js', CHECKOUT));

/** As `npm run docs` does, into a folder of its own. */
async function exportDocumentation(folder: string, origin: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'export', folder, '--json'], {
    cwd: new URL('docs/site/', CHECKOUT),
    env: { ...process.env, DOCS_ORIGIN: origin },
  });
  return JSON.parse(stdout);
}

for (const [origin, links] of [
  ['https://www.example.com', '/pages'],
  ['https://user.github.io/project', '/project/pages'],
] as const) {
  test(`the documentation exports to ${origin} without a finding: links, ids and assets are there`, async (t) => {
    const folder = join(await temporaryFolder(t, {}), 'site');
    const pages = await sitePages();
    // The search, and the page for what is not there.
    t.like(await exportDocumentation(folder, origin), { findings: [], pages: { count: pages.length + 2 } });
    t.true((await readFile(join(folder, 'index.html'), 'utf8')).includes(`href="${links}"`));
  });
}
