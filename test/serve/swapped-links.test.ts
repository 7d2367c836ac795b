import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { whileSwapped, type Swapper } from '../helpers/swapped-place.ts';
import { serveRoot, UNKNOWN_VERSION } from './serve-assets.ts';

const SECRET = 'the secret';

/** By what is asked for: how its place is swapped, where that is, and what follows in the path. */
const swaps: Readonly<Record<string, readonly [Swapper, place: string, rest: string]>> = {
  'a link': ['link', 'public/place', ''],
  'a file in a linked folder': ['link', 'public/place', '/file'],
  'a file': ['file', 'public/place', ''],
  'a file in a folder': ['folder', 'public/place', '/file'],
  'a link of an earlier release': ['link', `releases/${UNKNOWN_VERSION}/place`, ''],
  'a file in a linked folder of an earlier release': ['link', `releases/${UNKNOWN_VERSION}/place`, '/file'],
  'a file of an earlier release': ['file', `releases/${UNKNOWN_VERSION}/place`, ''],
  'a file in a folder of an earlier release': ['folder', `releases/${UNKNOWN_VERSION}/place`, '/file'],
};

for (const [what, [swapper, place, rest]] of Object.entries(swaps)) {
  test(`handler() sends nothing from outside for ${what} that a link outside takes turns with`, async (t) => {
    const [root = ''] = place.split('/');
    const [inside, outside] = [`${root}/inside${rest}`, `outside${rest}`];
    const folder = await temporaryFolder(t, { [inside]: 'public', [outside]: SECRET });
    const at = join(folder, place);
    await mkdir(dirname(at), { recursive: true });
    if (swapper === 'link') await symlink(join(folder, root, 'inside'), at);
    else await writeFiles(folder, { [place + rest]: 'public' });
    await mkdir(join(folder, 'public'), { recursive: true });
    const releases = join(folder, 'releases');
    const { get } = await serveRoot(t, folder, { memoryBudgetBytes: 0 }, { releases });
    const paths = [`/static/${UNKNOWN_VERSION}/place${rest}`];
    if (root === 'public') paths.push(`/static/place${rest}`);

    const bodies: Record<string, number> = {};
    const swapped = { place: at, inside: join(folder, root, 'inside'), outside: join(folder, 'outside') };
    await whileSwapped(t, swapper, swapped, async () => {
      const requests = [...paths, ...paths, ...paths, ...paths].map((path) => get(path));
      for (const { body } of await Promise.all(requests))
        bodies[String(body)] = (bodies[String(body)] ?? 0) + 1;
    });
    t.is(bodies[SECRET], undefined, JSON.stringify(bodies));
    for (const path of paths) t.is(String((await get(path)).body), 'public', path);
  });
}

for (const memoryBudgetBytes of [0, 1024]) {
  test(`handler({ memoryBudgetBytes: ${memoryBudgetBytes} }) sends nothing that was outside when it was indexed`, async (t) => {
    const folder = await temporaryFolder(t, { 'public/target.txt': 'public', 'secret.txt': SECRET });
    const link = join(folder, 'public/link.txt');
    const leadTo = async (target: string): Promise<void> => {
      await symlink(target, `${folder}/next`);
      await rename(`${folder}/next`, link);
    };
    await leadTo('../secret.txt');
    const assets = await openAssets({ prefix: '/static/', roots: join(folder, 'public') });
    await leadTo('target.txt');
    const handler = assets.handler({ memoryBudgetBytes });
    const { url } = await listen(t, handler);
    await leadTo('../secret.txt');
    for (const path of [assets.url('link.txt'), '/static/link.txt', `/static/${UNKNOWN_VERSION}/link.txt`])
      t.is((await request(url, path)).status, 404, path);
    await rm(link);
  });
}
