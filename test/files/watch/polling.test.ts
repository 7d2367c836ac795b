import { EventEmitter, once } from 'node:events';
import fs, { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import test from 'ava';
import { TreeWatch } from '../../../src/files/watch/tree-watch.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

// As on a folder shared with a virtual machine: the system tells of nothing.
fs.watch = (() => Object.assign(new EventEmitter(), { close() {} })) as unknown as typeof fs.watch;
syncBuiltinESMExports();

test.serial('TreeWatch polls where CHOKIDAR_USEPOLLING asks for it', async (t) => {
  process.env['CHOKIDAR_USEPOLLING'] = '1';
  process.env['CHOKIDAR_INTERVAL'] = '20';
  const folder = await temporaryFolder(t, { 'public/app.css': '', 'public/.git/HEAD': '', '.env': '' });
  const told = new EventEmitter();
  const watch = new TreeWatch({
    paths: [join(folder, 'public'), join(folder, '.env')],
    isSkipped: (segments) => segments.at(-1)?.startsWith('.') === true,
    quietMilliseconds: 20,
    onEvent: () => told.emit('event'),
    onError: (cause) => t.fail(String(cause)),
  });
  // Nothing else keeps the test's process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(async () => {
    clearInterval(alive);
    await watch.close();
  });
  await once(told, 'event'); // for what changed before it began
  for (const name of ['public/app.css', 'public/new.css', '.env']) {
    const event = once(told, 'event');
    writeFileSync(join(folder, name), 'edited');
    t.deepEqual(await event, [], name);
  }
  writeFileSync(join(folder, 'public/.git/HEAD'), 'edited');
  told.once('event', () => t.fail('what is skipped is not polled'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  told.removeAllListeners();
  await watch.close();
  told.once('event', () => t.fail('closed'));
  writeFileSync(join(folder, 'public/app.css'), 'edited again');
  await new Promise((resolve) => setTimeout(resolve, 300));
});
