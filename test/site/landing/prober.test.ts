import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import test from 'ava';
import { createPlace, exportContent, type Content } from './place.ts';

const PAGES = 60;

/** Pages that stand in each round and name its asset; an entry page that links to pages of its round alone. */
function siteOf(round: number): Content {
  const site: Record<string, string> = { [`assets/${round}.css`]: 'a {}' };
  for (let page = 0; page < PAGES; page += 1) site[`pages/${page}/index.html`] = `assets/${round}.css`;
  const links = Array.from({ length: 10 }, (_, post) => `posts/${round}-${post}/index.html`);
  for (const link of links) site[link] = `assets/${round}.css`;
  return { ...site, 'index.html': links.join('\n') };
}

/**
 * Reads pages and looks for what they name, over and over. What is not there is a fault, unless the page has changed since:
 * its reader was late.
 */
const PROBER = `
  import { existsSync, readFileSync } from 'node:fs';
  import { workerData, parentPort } from 'node:worker_threads';
  const { out, pages, state } = workerData;
  const faults = new Set();
  const read = (name) => {
    try {
      return readFileSync(out + '/' + name, 'utf8');
    } catch (error) {
      faults.add(error.code + ' ' + name);
      return '';
    }
  };
  while (Atomics.load(state, 0) === 0) {
    for (let page = -1; page < pages; page += 1) {
      const name = page === -1 ? 'index.html' : 'pages/' + page + '/index.html';
      const text = read(name);
      for (const named of text.split('\\n'))
        if (!existsSync(out + '/' + named) && read(name) === text) faults.add(name + ' names ' + named);
    }
    Atomics.add(state, 1, 1);
  }
  parentPort.postMessage([...faults]);
`;

for (const swap of ['files', 'link'] as const) {
  test(`with swap "${swap}" a reader never meets a page without its assets, nor misses one that stands in both`, async (t) => {
    t.timeout(2 * 60 * 1000);
    const place = { ...(await createPlace(t)), swap };
    await exportContent(place, siteOf(0));
    const state = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROBER)}`), {
      workerData: { out: place.out, pages: PAGES, state },
    });
    const told = once(worker, 'message') as Promise<[faults: string[]]>;
    for (let round = 1; round <= 10 || Atomics.load(state, 1) < 25; round += 1)
      await exportContent(place, siteOf(round));
    Atomics.store(state, 0, 1);
    const [faults] = await told;
    t.deepEqual(faults, []);
  });
}
