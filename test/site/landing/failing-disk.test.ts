import test from 'ava';
import { WATCH_FILE_OPERATIONS } from '../../helpers/file-operations.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { contentOf, createPlace, exportContent } from './place.ts';

const PLACE = new URL('place.ts', import.meta.url).href;

const BEFORE = { 'assets/1': 'one', 'a/index.html': 'a', 'b.html': 'b', 'index.html': 'home' };
const AFTER = { 'assets/2': 'two', 'a/index.html': 'A', 'c/d/index.html': 'c', 'index.html': 'new' };

for (const swap of ['files', 'link'] as const) {
  test(`with swap "${swap}" a full disk is told, whichever operation meets it, and a rerun finishes`, async (t) => {
    t.timeout(2 * 60 * 1000);
    const place = { ...(await createPlace(t)), swap };
    const failures = await runForValue<
      { operation: string; code: string; message: string; broken: string[] }[]
    >(`
      let left = Infinity;
      let failed = '';
      const before = (name) => {
        // Removing needs no room.
        if (['rm', 'rmdir', 'unlink'].includes(name)) return;
        left -= 1;
        if (left !== 0) return;
        failed = name;
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: name, errno: -28 });
      };
      const after = () => {};
      ${WATCH_FILE_OPERATIONS}
      const { exportContent, contentOf, stage } = await import(${JSON.stringify(PLACE)});
      const { openSiteFolder } = await import(${JSON.stringify(new URL('../../../src/site/landing/index.ts', import.meta.url).href)});
      const [BEFORE, AFTER] = ${JSON.stringify([BEFORE, AFTER])};
      const failures = [];
      for (let count = 1; ; count += 1) {
        const place = { ...${JSON.stringify(place)}, out: ${JSON.stringify(place.out)} + count };
        await exportContent(place, BEFORE);
        failed = '';
        left = count;
        let folder;
        try {
          folder = await openSiteFolder(place);
          const room = left;
          left = Infinity;
          const plan = await stage(folder, AFTER);
          left = room;
          await folder.land(plan);
          left = Infinity;
          if (failed === '') break;
          throw new Error('It went on after a failing ' + failed);
        } catch (error) {
          left = Infinity;
          const now = await contentOf(place.out);
          const broken = ['a/index.html', 'index.html'].filter((name) => ![BEFORE[name], AFTER[name]].includes(now[name]));
          failures.push({ operation: failed, code: error.code, message: error.message, broken });
        } finally {
          await folder?.close();
        }
        await exportContent(place, AFTER);
        if (JSON.stringify(Object.entries(await contentOf(place.out)).sort()) !== JSON.stringify(Object.entries(AFTER).sort()))
          throw new Error('A rerun after a failing ' + failed + ' does not finish');
      }
      process.stdout.write(JSON.stringify(failures));
    `);
    t.true(failures.length > 20, String(failures.length));
    for (const operation of ['open', 'appendFile', 'mkdir', 'chmod', 'rename'])
      t.true(
        failures.some((failure) => failure.operation === operation),
        operation,
      );
    for (const { operation, code, message, broken } of failures) {
      t.is(code, 'DISK_FULL', `${operation}: ${message}`);
      t.regex(message, /no room is left \(ENOSPC\)\. Free some room and export again: that finishes/);
      t.deepEqual(broken, [], operation);
    }
    await exportContent(place, AFTER);
    t.deepEqual(await contentOf(place.out), AFTER);
  });
}
