import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runNode } from '../helpers/run-node.ts';

/** File handles as Yarn's Plug'n'Play gives them to a process; functions of `node:fs` by descriptor are left as they are. */
const PLUG_AND_PLAY = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const handle = await fs.promises.open(process.execPath);
  await handle.close();
  for (const name of ['datasync', 'readv', 'sync', 'utimes']) {
    Object.getPrototypeOf(handle)[name] = () => {
      throw new Error('Method not implemented.');
    };
  }
  const { fsync } = fs;
  globalThis.synced = 0;
  fs.fsync = (...given) => {
    globalThis.synced += 1;
    return fsync(...given);
  };
  syncBuiltinESMExports();
`;

const WRITE_RELEASE = new URL('../../src/releases/write-release.ts', import.meta.url).href;
const PRUNE_RELEASES = new URL('../../src/releases/prune-releases.ts', import.meta.url).href;

test("a release is written, and pruned, under Yarn's Plug'n'Play, with all its bytes on the disk", async (t) => {
  const css = 'a { color: teal }\n'.repeat(100);
  const folder = await temporaryFolder(t, {
    'public/app.css': css,
    'public/a.bin': 'a',
    'plug-and-play.mjs': PLUG_AND_PLAY,
  });
  const place = { releases: join(folder, 'releases'), manifest: join(folder, 'manifest.json') };
  const { stdout, stderr } = await runNode(
    `
      import { writeRelease } from ${JSON.stringify(WRITE_RELEASE)};
      import { pruneReleases } from ${JSON.stringify(PRUNE_RELEASES)};
      const place = ${JSON.stringify(place)};
      const { added } = await writeRelease({ roots: ${JSON.stringify(join(folder, 'public'))}, compress: true, ...place });
      await pruneReleases({ releases: place.releases, keep: 1 });
      console.log(JSON.stringify({ added: added.map(({ fingerprint }) => fingerprint), synced }));
    `,
    { nodeOptions: ['--import', join(folder, 'plug-and-play.mjs')] },
  );
  t.is(stderr, '');
  const { added, synced } = JSON.parse(stdout) as { added: string[]; synced: number };
  const files = await Promise.all(
    added.map((each) => readFile(join(place.releases, each, 'app.css'), 'utf8').catch(() => '')),
  );
  t.true(files.includes(css));
  // Two assets, three compressed copies at most, two manifests at least.
  t.true(synced >= 6, String(synced));
});
