import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { copyBlog, publishBlog, runCommand } from './blog-process.ts';
import { ask, pathsOf, POST, startLive } from './blog-questions.ts';

const STYLESHEET = /\/static\/\w+\/css\/site\.css/;

test.serial(
  'the published example behind nginx answers every URL as the live app does, and what is missing too',
  async (t) => {
    const folder = await copyBlog(t);
    const site = await publishBlog(t, folder);
    t.regex(
      site.printed(),
      /Publish 1 is in "[^"]*\.published.*\n {2}uploaded .*\n(?:.*\n)* {2}verified {2}[1-9]/,
    );
    const live = await startLive(t, folder);
    const paths = await pathsOf(folder, site);
    t.true(paths.length > 7);
    for (const path of [...paths, '/nothing-here', '/posts/nothing', '/login'])
      t.deepEqual(await ask(site.url + path), await ask(live + path), path);
    t.is((await ask(site.url + POST)).status, 200);
    for (const path of ['/.static-url/manifest.json', '/.static-url/lock'])
      t.is((await ask(site.url + path)).status, 404, path);
    t.is(await site.end(), 0);
  },
);

test.serial(
  'the example is published again as it says: what changed alone, and old assets stay',
  async (t) => {
    const folder = await copyBlog(t);
    const site = await publishBlog(t, folder);
    const [old = ''] = STYLESHEET.exec((await ask(site.url + POST)).body) ?? [];
    await appendFile(join(folder, 'public/css/site.css'), 'p { margin: 1px }');
    await appendFile(join(folder, 'views', `${POST}.ejs`), '<p>Just edited.</p>');
    await runCommand(folder, site, 'release');
    const { stdout: plan } = await runCommand(folder, site, 'publish', 'default', '--dry-run');
    t.regex(plan, /^upload +posts\/the-width-of-a-line\/index\.html .* other bytes$/m);
    const { stdout } = await runCommand(folder, site, 'publish', 'default');
    t.regex(stdout, /^Publish 2 is in /);
    const after = await ask(site.url + POST);
    t.regex(after.body, /Just edited/);
    const [current = ''] = STYLESHEET.exec(after.body) ?? [];
    t.not(current, old);
    t.regex((await ask(site.url + current)).body, /margin: 1px/);
    t.is((await ask(site.url + old)).status, 200);
    t.regex((await runCommand(folder, site, 'site', 'targets')).stdout, /^\* default\n/);
    t.is(await site.end(), 0);
  },
);
