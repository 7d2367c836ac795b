import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { whileSwapped } from '../helpers/swapped-place.ts';

const PUBLIC = 'public';
const SECRET = 'the secret';

for (const [swapper, rest] of [
  ['file', ''],
  ['folder', '/file'],
] as const) {
  test(`devStaticRouter() with symlinks: 'refuse' sends nothing from outside for a ${swapper} that a link takes turns with`, async (t) => {
    const folder = await temporaryFolder(t, {
      [`public/place${rest}`]: PUBLIC,
      'public/inside': PUBLIC,
      [`outside${rest}`]: SECRET,
    });
    const router = devStaticRouter('/static/', join(folder, 'public'), {
      symlinks: 'refuse',
      fallthrough: false,
    });
    const { url } = await listen(t, express().use(router));
    const get = (method = 'GET') => request(url, `/static/place${rest}`, { method });
    const swapped = {
      place: join(folder, 'public/place'),
      inside: join(folder, 'public/inside'),
      outside: join(folder, 'outside'),
    };
    const answers = new Set<string>();
    await whileSwapped(t, swapper, swapped, async () => {
      for (const { status, headers, body } of await Promise.all([get(), get('HEAD'), get(), get('HEAD')]))
        answers.add(`${status} ${headers['content-length']} ${String(body)}`);
    });
    const allowed = [`200 6 ${PUBLIC}`, '200 6 ', '404 10 Not Found\n', '404 10 '];
    t.deepEqual(
      [...answers].filter((answer) => !allowed.includes(answer)),
      [],
    );
    t.is(String((await get()).body), PUBLIC);
  });
}
