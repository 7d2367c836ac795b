import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { writeRelease } from '../../src/releases/write-release.ts';
import { releasesLocation } from '../../src/nginx.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';

const FILES = {
  'app.js': `fetch(new URL('./data.json', import.meta.url));\nfetch(new URL('./data.json.gz', import.meta.url));\n${'/* long */'.repeat(50)}`,
  'data.json': JSON.stringify({ now: 'new' }),
  'data.json.gz': gzipSync('OLD STUFF'),
};

test('nginx with gzip_static sends the bytes of no other file, for whatever a release lets pass', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeFiles(root, FILES);
  await t.throwsAsync(writeRelease({ roots: root, releases, compress: true }), { code: 'COPY_WRONG' });
  const files = { ...FILES, 'data.json.gz': gzipSync(FILES['data.json']) };
  await writeFiles(root, files);
  const { added } = await writeRelease({ roots: root, releases, compress: true });
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/static/', root, releases, gzipStatic: true }),
  );
  let encoded = 0;
  for (const { fingerprint, assets } of added) {
    for (const name of assets) {
      const { headers, body } = await request(url, `/static/${fingerprint}/${name}`, {
        headers: { 'Accept-Encoding': 'gzip' },
      });
      const isEncoded = headers['content-encoding'] === 'gzip';
      const expected = Buffer.from(files[name as keyof typeof files]);
      t.deepEqual(isEncoded ? gunzipSync(body) : body, expected, `${fingerprint}/${name}`);
      if (isEncoded) encoded += 1;
    }
  }
  t.is(encoded, 2);
});
