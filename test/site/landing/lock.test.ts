import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { createRunId } from '../../../src/files/run-id.ts';
import { openSiteFolder } from '../../../src/site/landing/index.ts';
import { createPlace } from './place.ts';

const [, , SPACE = ''] = createRunId().split('-');
const DEAD = `999999999-1-${SPACE}-00000000`;
const UNKNOWN = `1-1-${'0'.repeat(16)}-00000000`;

test('openSiteFolder() locks the folder until it is closed, and says who has it', async (t) => {
  const place = await createPlace(t);
  const first = await openSiteFolder(place);
  const error = await t.throwsAsync(openSiteFolder(place), { code: 'SITE_LOCKED' });
  const message = error?.message ?? '';
  t.true(message.includes(`process ${process.pid} on "${hostname()}", since 20`), message);
  t.regex(message, /Wait until it is done, or end that process\.$/);
  // The one that was refused takes nothing of the other's.
  await writeFile(join(first.staging, 'a'), 'a');
  await first.close();
  await (await openSiteFolder(place)).close();
  t.deepEqual((await readdir(join(place.projectFolder, '.site.static-url'))).toSorted(), ['staging']);
});

test('of many that find the lock of a dead export, one goes on', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const place = await createPlace(t);
    const lock = join(place.projectFolder, '.site.static-url/lock');
    await mkdir(lock, { recursive: true });
    await mkdir(join(lock, '..', `lock-${DEAD}`));
    await mkdir(join(lock, '../staging/left'), { recursive: true });
    // It may have been killed with the lock, or as it took over that of another dead one.
    if (round % 4 > 0) await writeFile(join(lock, `${DEAD}.json`), '{}');
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => openSiteFolder(place)));
    const refused = opened.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    t.is(refused.length, 7);
    for (const reason of refused) t.like(reason, { code: 'SITE_LOCKED' });
    for (const each of opened) if (each.status === 'fulfilled') await each.value.close();
    t.deepEqual(await readdir(join(lock, '..')), ['staging']);
    t.deepEqual(await readdir(join(lock, '../staging')), []);
  }
});

test('openSiteFolder() names the file to remove where nobody can tell whether its holder lives', async (t) => {
  for (const [run, text, words] of [
    [
      UNKNOWN,
      '{"process":1,"host":"other","since":"2026-01-01T00:00:00.000Z"}',
      /: process 1 on "other", since 2026/,
    ],
    [UNKNOWN, 'garbage', /site"\. Whether/],
    ['notes', 'null', /site"\. Whether/],
  ] as const) {
    const place = await createPlace(t);
    const lock = join(place.projectFolder, '.site.static-url/lock');
    const file = join(lock, `${run}.json`);
    await mkdir(lock, { recursive: true });
    await writeFile(file, text);
    const error = await t.throwsAsync(openSiteFolder(place), { code: 'SITE_LOCKED' });
    t.regex(error?.message ?? '', words);
    t.true(error?.message.endsWith(`If it does not, remove ${JSON.stringify(file)}.`), error?.message);
    t.is(await readFile(file, 'utf8'), text);
  }
});
