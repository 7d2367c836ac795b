import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { openSiteFolder, type SiteFolderOptions } from '../../src/site/landing/index.ts';
import { killAfter, WATCH_FILE_OPERATIONS } from '../helpers/file-operations.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { TYPESCRIPT } from '../helpers/run-node.ts';
import { contentOf, exportContent, optionsFor, type Content } from '../site/landing/place.ts';

const PLACE = new URL('../site/landing/place.ts', import.meta.url).href;

const MOMENTS = 50;

/** A page's text is what it names: an asset, or the pages that an entry page links to. */
function siteOf(version: string): Content {
  const pages = Array.from({ length: 6 }, (_, page) => `${version}/${page}/index.html`);
  const names = ['both/index.html', 'both/deep/index.html', ...pages];
  return {
    [`assets/${version}.css`]: '',
    'assets/both.css': '',
    [`${version}.xml`]: '',
    ...Object.fromEntries(names.map((name) => [name, `assets/${version}.css\nassets/both.css`])),
    // What is a file in one is a folder in the other.
    ...(version === 'old'
      ? { 'turn.xml': '', 'change/a.html': '', 'change/b.html': '' }
      : { 'turn.xml/index.html': '', change: '' }),
    'index.html': pages.join('\n'),
  };
}

const OLD = siteOf('old');
const NEW = siteOf('new');

/** The `--import` that tells on the standard output how often a process changes the disk. */
const COUNT = `data:text/javascript,${encodeURIComponent(`
  let count = 0;
  const before = () => {};
  const after = () => void (count += 1);
  process.on('exit', () => process.stdout.write(String(count)));
  ${WATCH_FILE_OPERATIONS}
`)}`;

/** Exports the new site in a process of its own; returns what it said, `undefined` when it was killed. */
async function exportElsewhere(options: SiteFolderOptions, watch: string): Promise<string | undefined> {
  const program = `
    const { exportContent } = await import(${JSON.stringify(PLACE)});
    await exportContent(${JSON.stringify(options)}, ${JSON.stringify(NEW)});
  `;
  const child = spawn(
    process.execPath,
    ['--import', TYPESCRIPT, '--import', watch, '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, message, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[code: number | null, signal: string | null]>,
  ]);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(message);
  return signal === null ? said : undefined;
}

/** Nothing is there but what is of one of the two sites, what stands in both is, and so is what pages name. */
async function checkSound(t: ExecutionContext, out: string, before: Content, moment: string): Promise<void> {
  const there: Content = await contentOf(out).catch(() => ({}));
  for (const [name, content] of Object.entries(there)) {
    // A folder that was made for a file, or whose files have just gone.
    if (name.endsWith('/')) continue;
    t.true(content === before[name] || content === NEW[name], `${name}: ${moment}`);
    for (const named of content.split('\n'))
      t.true(named === '' || named in there, `${name}, ${named}: ${moment}`);
  }
  for (const name of Object.keys(before)) t.true(!(name in NEW) || name in there, `${name}: ${moment}`);
}

for (const swap of ['files', 'link'] as const) {
  for (const [title, before] of [
    ['an export', OLD],
    ['the first export', {}],
  ] as const) {
    test(`with swap "${swap}" ${title} may be killed at ${MOMENTS} moments`, async (t) => {
      t.timeout(10 * 60 * 1000);
      const folder = await temporaryFolder(t);
      const prepare = async (): Promise<SiteFolderOptions> => {
        const place = await mkdtemp(join(folder, 'place-'));
        if (before === OLD) await exportContent(optionsFor(join(place, 'site'), { swap }), OLD);
        return optionsFor(join(place, 'site'), { swap });
      };
      const count = Number(await exportElsewhere(await prepare(), COUNT));
      t.true(count > MOMENTS, String(count));
      t.log(`${count} changes of the disk`);
      for (let index = 0; index < MOMENTS; index += 1) {
        const options = await prepare();
        const place = join(options.out, '..');
        const last = 1 + Math.floor((index * (count - 1)) / (MOMENTS - 1));
        const moment = `killed after ${last} of ${count}`;
        t.is(await exportElsewhere(options, killAfter(last)), undefined, moment);
        await checkSound(t, options.out, before, moment);

        const site = await openSiteFolder(options);
        t.deepEqual(await site.foreignFiles(), [], moment);
        await site.close();
        await exportContent(options, NEW);
        t.deepEqual(await contentOf(options.out), NEW, moment);
        const beside = join(place, '.site.static-url');
        t.deepEqual(await readdir(place), ['.site.static-url', 'site'], moment);
        const state = swap === 'link' ? ['sites', 'staging', 'state'] : ['staging', 'state'];
        t.deepEqual((await readdir(beside)).toSorted(), state, moment);
        t.deepEqual(await readdir(join(beside, 'staging')), [], moment);
        if (swap === 'link') t.true((await readdir(join(beside, 'sites'))).length <= 2, moment);
        // All of it is known for the site's.
        await exportContent(options, {});
        t.deepEqual(await contentOf(options.out), {}, moment);
        await rm(place, { recursive: true });
      }
    });
  }
}
