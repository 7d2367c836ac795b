import { EventEmitter } from 'node:events';
import fs, { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { coarseFolder, withinStep } from '../../helpers/coarse-disk.ts';
import { watchFolder } from './watched-folder.ts';

for (const way of ['told by events', 'found by polling']) {
  test.serial(
    `an edit that is ${way} counts, though the file's times are whole seconds and do not show it`,
    async (t) => {
      const roots = await coarseFolder(t);
      if (way === 'found by polling') {
        // As on a folder shared with a virtual machine: the system tells of nothing.
        fs.watch = (() => Object.assign(new EventEmitter(), { close() {} })) as unknown as typeof fs.watch;
        syncBuiltinESMExports();
        process.env['CHOKIDAR_USEPOLLING'] = '1';
        process.env['CHOKIDAR_INTERVAL'] = '20';
      }
      const file = join(roots, 'a.css');
      writeFileSync(file, 'a {}');
      const { settled } = await watchFolder(t, { roots });
      await withinStep(
        file,
        async () => {
          writeFileSync(file, 'b {}');
          await settled();
          // Long after any step of a clock.
          await pause(100);
        },
        () => writeFileSync(file, 'c {}'),
      );
      await t.notThrowsAsync(settled());
    },
  );
}
