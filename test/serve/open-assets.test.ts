import { join } from 'node:path';
import test from 'ava';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { runForValue } from '../helpers/run-node.ts';

test('openAssets() reads its relative paths from the folder that the process is in when it is called', async (t) => {
  const folder = await temporaryFolder(t, { 'one/public/one.css': 'one', 'two/public/two.css': 'two' });
  for (const each of ['one', 'two']) {
    const release = { roots: join(folder, each, 'public'), releases: join(folder, each, 'releases') };
    await writeRelease({ ...release, manifest: join(folder, each, 'assets.json') });
  }
  for (const source of [{ roots: 'public' }, { manifest: 'assets.json', releases: 'releases' }]) {
    const program = `
      import { createServer } from 'node:http';
      const opening = api.openAssets({ prefix: '/static/', ...${JSON.stringify(source)} });
      process.chdir('../two');
      const assets = await opening;
      const server = createServer(assets.handler()).listen(0, '127.0.0.1', async () => {
        const [name] = assets.paths();
        const answer = await fetch('http://127.0.0.1:' + server.address().port + assets.url(name));
        console.log(JSON.stringify([name, answer.status, await answer.text()]));
        server.close();
        server.closeAllConnections();
      });`;
    t.deepEqual(await runForValue(program, { cwd: join(folder, 'one') }), ['one.css', 200, 'one']);
  }
});

test('openAssets() keeps to the options that it was called with, whatever becomes of the object', async (t) => {
  const folder = await temporaryFolder(t, { 'one/a.css': 'one', 'one/.b.css': 'b', 'two/a.css': 'two' });
  const options = { prefix: '/static/', roots: [join(folder, 'one')], dotfiles: true };
  const opening = openAssets(options);
  options.roots[0] = join(folder, 'two');
  Object.assign(options, { prefix: '/other/', dotfiles: false });
  const assets = await opening;
  const { url } = await listen(t, assets.handler());
  t.deepEqual(assets.paths(), ['.b.css', 'a.css']);
  t.true(assets.url('a.css').startsWith('/static/'));
  t.is((await request(url, assets.url('a.css'))).body.toString(), 'one');
  t.is((await request(url, assets.url('.b.css'))).body.toString(), 'b');
});
