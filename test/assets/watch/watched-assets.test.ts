import { mkdirSync, writeFileSync } from 'node:fs';
import { rename, rm, symlink, unlink } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import type { AssetsChange } from '../../../src/assets/assets.ts';
import { openCollection } from '../../helpers/open-collection.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { watchFolder } from './watched-folder.ts';

const FILES = {
  'css/app.css': '@import "./base.css"; a { background: url(../img/a.svg) }',
  'css/base.css': 'b {}',
  'css/other.css': 'c {}',
  'img/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'js/app.js': "import './part.js';",
  'js/part.js': 'export {};',
};

test('a changed file gives its new URL and those of what refers to it, and no others', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const { assets } = await watchFolder(t, { roots });
  const before = new Map(assets.paths().map((path) => [path, assets.url(path)]));
  const changes: AssetsChange[] = [];
  assets.on('change', (change) => changes.push(change));
  const change = once(assets, 'change');
  writeFileSync(join(roots, 'img/a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>');
  await change;
  t.deepEqual(changes, [{ changed: ['css/app.css', 'img/a.svg'] }]);
  t.deepEqual(
    assets.paths().filter((path) => assets.url(path) !== before.get(path)),
    ['css/app.css', 'img/a.svg'],
  );
  t.deepEqual(assets.manifest(), (await openCollection({ prefix: '/static/', roots })).manifest());
});

test('every edit of a file counts, however soon it follows the one before it', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': 'a0000' });
  const { assets, settled } = await watchFolder(t, { roots });
  for (let edit = 1; edit <= 60; edit += 1) {
    // Of one length: only the times tell them apart, and those move in steps.
    writeFileSync(join(roots, 'a.css'), `a${String(edit).padStart(4, '0')}`);
    if (edit % 20 === 0) await settled();
    else await new Promise((resolve) => setTimeout(resolve, edit % 7));
  }
  t.true(assets.has('a.css'));
});

test("editors' atomic saves end in the right state", async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const { assets, settled } = await watchFolder(t, { roots });
  const file = join(roots, 'css/base.css');
  const before = assets.url('css/app.css');
  writeFileSync(`${file}.tmp`, 'b { color: red }');
  await rename(`${file}.tmp`, file);
  await settled();
  t.not(assets.url('css/app.css'), before);
  // As vim does: the file moves aside, a new one takes its place, the old one goes.
  await rename(file, `${file}~`);
  writeFileSync(file, 'b { color: tan }');
  await unlink(`${file}~`);
  await settled();
  t.deepEqual(assets.paths(), Object.keys(FILES).toSorted());
});

test('a burst of 5,000 files, new, edited and deleted, ends in the right state', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': '' });
  const { assets, settled } = await watchFolder(t, { roots });
  const names = Array.from({ length: 5_000 }, (_, index) => `${index % 50}/${index}.js`);
  const write = async (content: string, from = 0): Promise<void> => {
    for (const [index, name] of names.entries()) {
      if (index < from) continue;
      mkdirSync(join(roots, name, '..'), { recursive: true });
      writeFileSync(join(roots, name), content);
      // Let some of it be noticed in between.
      if (index % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
  await write('1');
  await settled();
  t.is(assets.paths().length, 5_001);
  await write('22', 2_500);
  await rm(join(roots, '7'), { recursive: true });
  await settled();
  t.is(assets.paths().length, 4_901);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => rm(join(roots, `${index}`), { recursive: true, force: true })),
  );
  await settled();
  t.deepEqual(assets.paths(), ['a.css']);
});

test('problems that come while editing are warned of once, with file and line, and end no process', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const { warnings, warned, settled } = await watchFolder(t, { roots, strict: true });
  t.deepEqual(warnings, []);
  writeFileSync(join(roots, 'css/app.css'), 'a {}\nb { background: url(../img/b.svg) }');
  const missing = await warned(/css\/app\.css:2:/);
  t.regex(
    missing,
    /"\.\.\/img\/b\.svg" leads to "img\/b\.svg", which is not there\. Did you mean "img\/a\.svg"/,
  );
  writeFileSync(join(roots, 'js/app.js'), "} import './app.js'");
  await warned(/js\/app\.js:.* not valid JavaScript/);
  writeFileSync(join(roots, 'css/other.css'), 'a { background: url(../../above.svg) }');
  await warned(/css\/other\.css:1:.*climbs above the root/);
  await symlink('nowhere', join(roots, 'broken.css'));
  await warned(/broken\.css" leads nowhere/);
  const told = warnings.join('\n');
  for (const each of ['b.svg', 'app.js', 'above.svg', 'broken.css'])
    t.is(told.split(each).length, each === 'b.svg' ? 3 : 2, `${each} is told once`);
  await unlink(join(roots, 'broken.css'));
  await writeFiles(roots, FILES);
  await settled();
  t.is(warnings.join('\n'), told);
});

test('opening with watch refuses what opening without refuses', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': 'a { background: url(gone.png) }' });
  const open = (given: object): Promise<unknown> =>
    openCollection({ prefix: '/static/', roots, watch: true, ...given });
  await t.throwsAsync(open({ strict: true }), { code: 'REFERENCE_BROKEN' });
  await t.throwsAsync(open({ roots: join(roots, 'gone') }), { code: 'ROOT_NOT_FOUND' });
  const { warned } = await watchFolder(t, { roots });
  await warned(/"gone\.png" leads to "gone\.png"/);
});

test('dotfiles give no change unless they are assets', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': '', '.dot/b.css': '' });
  const hidden = await watchFolder(t, { roots });
  const shown = await watchFolder(t, { roots, dotfiles: true });
  const change = once(shown.assets, 'change');
  hidden.assets.on('change', () => t.fail());
  writeFileSync(join(roots, '.dot/b.css'), 'b {}');
  t.deepEqual(await change, [{ changed: ['.dot/b.css'] }]);
  hidden.assets.removeAllListeners();
  writeFileSync(join(roots, 'a.css'), 'a {}');
  await hidden.settled();
  t.deepEqual(hidden.assets.paths(), ['a.css']);
});

test('close() ends all notices', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': '' });
  const closed = await watchFolder(t, { roots });
  const open = await watchFolder(t, { roots });
  const before = closed.assets.url('a.css');
  await closed.assets.close();
  writeFileSync(join(roots, 'a.css'), 'a {}');
  await open.settled();
  writeFileSync(join(roots, 'a.css'), 'b {}');
  await open.settled();
  t.is(closed.assets.url('a.css'), before);
});

test('watching keeps no process alive', async (t) => {
  const roots = await temporaryFolder(t, { 'a.css': '' });
  const module = new URL('../../helpers/open-collection.ts', import.meta.url).href;
  const source = `const { openCollection } = await import(${JSON.stringify(module)});
    const assets = await openCollection({ prefix: '/static/', roots: ${JSON.stringify(roots)}, watch: true });
    console.log(JSON.stringify(assets.paths()));`;
  t.deepEqual(await runForValue(source), ['a.css']);
});
