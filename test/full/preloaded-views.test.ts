import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'ava';
import { createPages, fileStore, type PagesOptions } from '../../src/pages.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** The built package; `npm run test:full` builds it first. */
const PAGES = new URL('../../dist/pages.js', import.meta.url).href;

const SITE = 'http://localhost';
const ROUNDS = 200;

/** Changes a view in each round, for which it waits. */
function program(folder: string, name: string): string {
  return `
    import { createInterface } from 'node:readline';
    import { setTimeout } from 'node:timers/promises';
    import { createPages, fileStore } from ${JSON.stringify(PAGES)};
    let text = '';
    const pages = createPages({
      sites: [${JSON.stringify(SITE)}],
      urls: ['/view/', '/page'],
      store: fileStore({ folder: ${JSON.stringify(join(folder, 'store'))} }),
      preload: { folder: ${JSON.stringify(join(folder, 'preloaded'))} },
      sweepSeconds: 0,
      deadlineSeconds: 100,
      app: async ({ url }, response) => {
        const body = url === '/view/' ? text : await pages.preload('/view/');
        response.setHeader('Content-Type', 'text/html').end(body);
      },
    });
    for await (const round of createInterface({ input: process.stdin })) {
      for (let change = 0; change < 6; change += 1) {
        text = ${JSON.stringify(name)} + round + '.' + change;
        const chance = Math.random();
        if (chance < 0.1) await pages.delete('/view/');
        else await pages.publish(chance < 0.6 ? '/view/' : '/page');
        await setTimeout(5 * Math.random());
      }
      console.log(round);
    }
    await pages.close();
  `;
}

test('however three processes publish a view and a page that names it, the page names the file with the content of the view', async (t) => {
  t.timeout(600_000);
  const folder = await temporaryFolder(t);
  const writers = ['one', 'two'].map((name) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program(folder, name)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.teardown(() => child.kill('SIGKILL'));
    return { child, lines: createInterface({ input: child.stdout }) };
  });
  let round = 0;
  const options: PagesOptions = {
    sites: [SITE],
    urls: ['/view/', '/page'],
    store: fileStore({ folder: join(folder, 'store') }),
    preload: { folder: join(folder, 'preloaded') },
    sweepSeconds: 0,
    deadlineSeconds: 100,
    app: async ({ url }, response) => {
      const body = url === '/view/' ? `main ${round}` : await pages.preload('/view/');
      response.setHeader('Content-Type', 'text/html').end(body);
    },
  };
  const pages = createPages(options);
  t.teardown(() => pages.close());
  let compared = 0;
  for (; round < ROUNDS; round += 1) {
    const ends = writers.map(async ({ child, lines }) => {
      child.stdin.write(`${round}\n`);
      await once(lines, 'line');
    });
    for (let times = 3 * Math.random(); times > 0; times -= 1) await pages.publish('/page');
    await Promise.all(ends);
    const [page, view] = [await bodyOf('/page'), await bodyOf('/view/')];
    if (page === undefined || view === undefined || page === '/view/') continue;
    t.is(readFileSync(join(folder, page), 'utf8'), view, `round ${round}`);
    compared += 1;
  }
  t.true(compared > ROUNDS / 4, `${compared}`);
  for (const { child } of writers) {
    child.stdin.end();
    await once(child, 'close');
  }

  async function bodyOf(target: string): Promise<string | undefined> {
    return (await options.store.read({ site: SITE, target }))?.body.toString();
  }
});
