import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { fileStore, type FileStore } from '../../src/pages/file-store/index.ts';
import { killAfter } from '../helpers/file-operations.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { html, keyOf, SETTING, store, targetsIn } from '../pages/stored-pages.ts';

/** The built store; `npm run test:full` builds it first. */
const STORE = new URL('../../dist/pages/file-store/index.js', import.meta.url).href;

/** Starts a program that uses the store of a folder as `pages`, and `land(target, text, tags)`. */
function startWriter(
  t: ExecutionContext,
  folder: string,
  program: string,
  nodeOptions: readonly string[] = [],
): ChildProcess {
  const source = `
    import { readFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { fileStore } from ${JSON.stringify(STORE)};
    const site = 'https://www.example.com';
    const pages = fileStore({ folder: ${JSON.stringify(folder)} });
    await pages.open({ sites: [site], deadlineMilliseconds: 10000, environment: 'test', onWarning: (error) => { throw error; } });
    const page = (text, tags) => ({ body: Buffer.from('<h1>' + text + '</h1>\\n'), mediaType: 'text/html', tags });
    const begin = (target, fence = false) => pages.begin({ site, target }, { fence });
    ${program}
  `;
  const child = spawn(process.execPath, [...nodeOptions, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  });
  return child;
}

async function openStore(t: ExecutionContext, folder: string): Promise<FileStore> {
  const pages = fileStore({ folder });
  await pages.open(SETTING);
  t.teardown(() => pages.close());
  return pages;
}

const MOMENTS = 200;

test('after a kill at 200 moments of publishing, every page is whole, and a new process goes on', async (t) => {
  t.timeout(300_000);
  const folder = join(await temporaryFolder(t), 'pages');
  const program = `
    for (let round = 0; ; round += 1) {
      const target = '/p/' + (round % 3);
      const pending = await begin(target, true);
      await pending?.land(page((process.pid + ' ').repeat(300), ['all', 'p' + (round % 3)]));
      if (round % 4 === 1) await pages.invalidate(['p0']);
      if (round % 5 === 2) await pages.delete([{ site, target: '/p/1' }]);
      if (round % 7 === 3) await pages.deleteBelow({ site, target: '/p' });
      if (round % 11 === 5) await pages.clear();
    }
  `;
  let found = 0;
  for (let moment = 1; moment <= MOMENTS; moment += 1) {
    const child = startWriter(t, folder, program, ['--import', killAfter(moment)]);
    const [, signal]: unknown[] = await once(child, 'close');
    t.is(signal, 'SIGKILL', `moment ${moment}`);
    found += wholePagesIn(t, join(folder, 'current/pages/www.example.com/p'));
    if (moment % 20 !== 0) continue;
    const pages = await openStore(t, folder);
    t.true(await store(pages, '/p/new', html('new', ['all'])));
    await pages.invalidate(['all']);
    t.deepEqual(await targetsIn(pages), [], `moment ${moment}`);
  }
  t.true(found > MOMENTS / 2, `${found} pages`);
});

/** Fails where a page that a web server would find is not whole, or a copy is not its own. */
function wholePagesIn(t: ExecutionContext, folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return 0;
  }
  const plain = names.filter((name) => name.endsWith('.html'));
  for (const name of plain) {
    const text = readFileSync(join(folder, name), 'utf8');
    const [, word = ''] = /^<h1>(\d+ )/.exec(text) ?? [];
    t.is(text, `<h1>${word.repeat(300)}</h1>\n`);
    if (names.includes(`${name}.gz`))
      t.is(gunzipSync(readFileSync(join(folder, `${name}.gz`))).toString(), text);
  }
  return plain.length;
}

const ROUNDS = 10_000;

for (const [title, isCleared] of [
  ['with', true],
  ['without', false],
] as const)
  test.serial(
    `two processes publish and invalidate one URL ${ROUNDS} times, ${title} a third that clears: never an old page`,
    async (t) => {
      t.timeout(300_000);
      const folder = await temporaryFolder(t);
      const counter = join(folder, 'counter');
      const descriptor = openSync(counter, 'w+');
      const count = (value: number): void => void writeSync(descriptor, `${value}`.padStart(8, '0'), 0);
      count(0);
      const pages = await openStore(t, join(folder, 'pages'));
      const render = `readFileSync(${JSON.stringify(counter)}, 'latin1')`;
      startWriter(
        t,
        pages.folder,
        `
        const publish = async () => {
          for (;;) {
            const pending = await begin('/a');
            const text = ${render};
            await setTimeout(Math.random() * 2);
            await pending?.land(page(text, ['t', 'u']));
          }
        };
        await Promise.all([publish(), publish(), publish()]);
      `,
      );
      if (isCleared) startWriter(t, pages.folder, `for (;;) { await pages.clear(); await setTimeout(5); }`);
      const own = async (): Promise<void> => {
        const pending = await pages.begin(keyOf('/a'), { fence: false });
        const text = readFileSync(counter, 'latin1');
        await setTimeout(1);
        await pending?.land(html(text, ['t']));
      };
      let [seen, old, running]: [number, number, Promise<void>] = [0, 0, Promise.resolve()];
      const removals = [
        () => pages.invalidate(['t']),
        () => pages.delete([keyOf('/a')]),
        () => pages.invalidate(['another', 't']),
        () => pages.deleteBelow(keyOf('/')),
      ];
      for (let round = 1; round <= ROUNDS; round += 1) {
        if (round % 8 === 0) {
          await running;
          running = own();
        }
        count(round);
        await removals[round % removals.length]?.();
        // For what is begun or landing meanwhile to come forth.
        if (round % 4 === 0) await setTimeout(1);
        const page = await pages.read(keyOf('/a'));
        if (!page) continue;
        seen += 1;
        if (Number(/>(\d+)</.exec(page.body.toString())?.[1]) < round) old += 1;
      }
      await running;
      closeSync(descriptor);
      t.is(old, 0);
      t.true(seen > 10, `${seen} pages were seen`);
    },
  );
