import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';

const PUBLIC = 'public';
const SECRET = 'the secret';

/** Ways to lead a place now inside, now outside, as fast as a program can. */
const SWAPPERS = {
  file: `
    for (let count = 0; count < 4_000; count += 1) {
      if (count % 2) fs.writeFileSync(place + '.next', '${PUBLIC}');
      else fs.symlinkSync(outside, place + '.next');
      fs.renameSync(place + '.next', place);
    }
  `,
  folder: `
    fs.symlinkSync(outside, place + '.link');
    for (let count = 0; count < 10_000; count += 1) {
      fs.renameSync(place, place + '.folder');
      fs.renameSync(place + '.link', place);
      fs.renameSync(place, place + '.link');
      fs.renameSync(place + '.folder', place);
    }
  `,
};

for (const [swapper, rest] of [
  ['file', ''],
  ['folder', '/file'],
] as const) {
  test(`devStaticRouter() with symlinks: 'refuse' sends nothing from outside for a ${swapper} that a link takes turns with`, async (t) => {
    const folder = await temporaryFolder(t, {
      [`public/place${rest}`]: PUBLIC,
      [`outside${rest}`]: SECRET,
    });
    const router = devStaticRouter('/static/', join(folder, 'public'), {
      symlinks: 'refuse',
      fallthrough: false,
    });
    const { url } = await listen(t, express().use(router));
    const get = (method = 'GET') => request(url, `/static/place${rest}`, { method });
    const program = `const fs = require('node:fs'); const [, place, outside] = process.argv; ${SWAPPERS[swapper]}`;
    const paths = [join(folder, 'public/place'), join(folder, 'outside')];
    const child = spawn(process.execPath, ['--eval', program, ...paths], { stdio: 'inherit' });
    const ended = once(child, 'close');
    const answers = new Set<string>();
    while (child.exitCode === null) {
      for (const { status, headers, body } of await Promise.all([get(), get('HEAD'), get(), get('HEAD')]))
        answers.add(`${status} ${headers['content-length']} ${String(body)}`);
    }
    t.deepEqual(await ended, [0, null]);
    const allowed = [`200 6 ${PUBLIC}`, '200 6 ', '404 10 Not Found\n', '404 10 '];
    t.deepEqual(
      [...answers].filter((answer) => !allowed.includes(answer)),
      [],
    );
    t.is(String((await get()).body), PUBLIC);
  });
}
