import { EventEmitter, once } from 'node:events';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { pollingInterval } from '../../../src/files/watch/polling.ts';
import { TreeWatch } from '../../../src/files/watch/tree-watch.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const isSkipped = (segments: readonly string[]): boolean => segments.at(-1)?.startsWith('.') === true;

/** A tree that is looked at again and again. */
function poll(t: ExecutionContext, paths: readonly string[]) {
  const told = new EventEmitter();
  const watch = new TreeWatch({
    paths,
    isSkipped,
    quietMilliseconds: 1,
    pollMilliseconds: 10,
    onEvent: () => {
      // Whoever is told looks, so that what is new is polled too.
      watch.look(() => {});
      told.emit('event');
    },
    onError: (cause) => t.fail(String(cause)),
  });
  watch.look(() => {});
  // Nothing else keeps the test's process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => {
    clearInterval(alive);
    watch.close();
  });
  return { told, watch };
}

test('TreeWatch polls files, new ones and single ones, and whatever comes, goes or is replaced', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/app.css': 'aaaa',
    'public/old.css': 'bbbb',
    'old.css': 'cccc',
    'releases/1/x.css': '',
    'releases/2/x.css': '',
    '.env': '',
  });
  const at = (name: string): string => join(folder, name);
  symlinkSync('1', at('releases/current'));
  const { told } = poll(
    t,
    ['public', '.env', 'later', 'releases/current'].map((name) => at(name)),
  );
  await once(told, 'event'); // for what changed before it began
  const steps: Readonly<Record<string, () => void>> = {
    'a file': () => writeFileSync(at('public/app.css'), 'edited'),
    'a new file': () => writeFileSync(at('public/new.css'), ''),
    'a file in a new folder': () => {
      mkdirSync(at('public/deep/er'), { recursive: true });
      writeFileSync(at('public/deep/er/a.css'), '');
    },
    'a removed file': () => rmSync(at('public/new.css')),
    'a single file': () => writeFileSync(at('.env'), 'edited'),
    'an older file of the same size in its place': () => {
      utimesSync(at('old.css'), 1, 1);
      renameSync(at('old.css'), at('public/old.css'));
    },
    'a root that was missing': () => mkdirSync(at('later')),
    'a link that leads elsewhere': () => {
      symlinkSync('2', at('releases/next'));
      renameSync(at('releases/next'), at('releases/current'));
    },
  };
  for (const [name, change] of Object.entries(steps)) {
    const event = once(told, 'event');
    change();
    t.deepEqual(await event, [], name);
  }
});

test('TreeWatch polls no more when it is closed', async (t) => {
  const folder = await temporaryFolder(t, { 'app.css': '' });
  const closed = poll(t, [folder]);
  await once(closed.told, 'event');
  closed.watch.close();
  closed.told.on('event', () => t.fail('closed'));
  const open = poll(t, [folder]);
  await once(open.told, 'event');
  const event = once(open.told, 'event');
  writeFileSync(join(folder, 'app.css'), 'edited');
  t.deepEqual(await event, []);
});

test('CHOKIDAR_USEPOLLING and CHOKIDAR_INTERVAL override pollMilliseconds, as they do what chokidar is told', (t) => {
  t.is(pollingInterval(undefined, {}), undefined);
  t.is(pollingInterval(500, {}), 500);
  t.is(pollingInterval(500, { CHOKIDAR_INTERVAL: '20' }), 20);
  t.is(pollingInterval(undefined, { CHOKIDAR_INTERVAL: '20' }), undefined);
  for (const wanted of ['1', 'true', 'TRUE']) {
    t.is(pollingInterval(undefined, { CHOKIDAR_USEPOLLING: wanted }), 100, wanted);
    t.is(pollingInterval(500, { CHOKIDAR_USEPOLLING: wanted, CHOKIDAR_INTERVAL: 'soon' }), 500, wanted);
  }
  for (const unwanted of ['0', 'false', 'False'])
    t.is(pollingInterval(500, { CHOKIDAR_USEPOLLING: unwanted }), undefined, unwanted);
  for (const unset of ['', ' ']) t.is(pollingInterval(500, { CHOKIDAR_USEPOLLING: unset }), 500);
});
