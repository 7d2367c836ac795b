import test from 'ava';
import type { PublishReport } from '../../src/site.ts';
import { writeFiles } from '../helpers/folder.ts';
import { createOwnSite } from './own-target.ts';
import { runMain } from './run-main.ts';

/** 25 pages beside the first. */
const MANY = `routes: [route('/'), route('/:page', {
  params: Array.from({ length: 25 }, (_, index) => ({ page: 'page-' + index })),
})],`;

const refusePages = (call: string): void => {
  if (/^write .*\.html$/.test(call)) throw new Error('The shelf is full.');
};

test('publish tells what it did, and the second time that nothing had changed', async (t) => {
  const { cwd, published } = await createOwnSite(t);
  const first = await runMain(['publish'], { cwd });
  t.is(first.code, 0, first.error);
  t.regex(
    first.out,
    /^Publish 1 is in "memory:": 1 file, 34 B, in \d+\.\d s\.\n {2}uploaded {2}1 file, 34 B\n {2}unchanged 0 files\n {2}deleted {3}0 files\n {2}verified {2}0 URLs\n$/,
  );
  t.deepEqual(published(), ['index.html']);
  const second = await runMain(['publish', 'default'], { cwd });
  t.regex(second.out, /\n {2}uploaded {2}0 files, 0 B\n {2}unchanged 1 file\n/);
});

test('publish --json prints the report, with that of the export in it, and nothing else', async (t) => {
  const { cwd } = await createOwnSite(t);
  const { code, out, error } = await runMain(['publish', '--json'], { cwd });
  t.is(code, 0);
  t.is(error, '');
  const report = JSON.parse(out) as PublishReport;
  t.like(report, { target: 'memory:', dryRun: false, files: { count: 1, uploaded: 1 } });
  t.like(report.changes, [{ key: 'index.html', action: 'upload', reason: 'new' }]);
  t.like(report.exported, { pages: { count: 1 } });
});

test('publish --quiet prints nothing of a publish that went well', async (t) => {
  const { cwd, published } = await createOwnSite(t);
  t.deepEqual(await runMain(['publish', '--quiet'], { cwd }), { code: 0, out: '', error: '' });
  t.deepEqual(published(), ['index.html']);
});

test('publish --dry-run prints a line for each key, with the reason, and changes nothing', async (t) => {
  const { cwd, target } = await createOwnSite(t, { site: MANY });
  const { code, out, error } = await runMain(['publish', '--dry-run'], { cwd });
  t.is(code, 0, error);
  const lines = out.split('\n');
  t.regex(lines[0] ?? '', /^upload {2}page-\d+\/index\.html +34 B {2}new$/);
  t.is(lines.filter((line) => line.startsWith('upload  ')).length, 26);
  t.regex(lines[26] ?? '', /^Publish 1 would be in "memory:": 26 files, 884 B, in /);
  t.is(target.objects.size, 0);
  const data = JSON.parse((await runMain(['publish', '--dry-run', '--json'], { cwd })).out) as PublishReport;
  t.is(data.dryRun, true);
  t.is(data.changes.length, 26);
  t.is(target.objects.size, 0);
});

test('publish --from publishes a folder, without asking the app', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  await runMain(['export'], { cwd });
  await writeFiles(cwd, {
    'other.mjs': `import config from './static-url.config.mjs';
      export default { ...config, app: () => { throw new Error('The app was asked.'); } };`,
  });
  const { code, error } = await runMain(['publish', '--from', 'out', '--config', 'other.mjs'], { cwd });
  t.is(code, 0, error);
  t.is(target.text('index.html'), '<!doctype html><title>Home</title>');
  t.is((await runMain(['publish', '--from', 'nowhere'], { cwd })).code, 1);
});

test('publish names the keys that failed, 20 of them, and ends with 1', async (t) => {
  const { cwd, target } = await createOwnSite(t, { site: MANY });
  target.before = refusePages;
  const { code, out, error } = await runMain(['publish'], { cwd });
  t.is(code, 1);
  t.is(out, '');
  const lines = error.split('\n');
  t.is(lines.filter((line) => /^page-\d+\/index\.html: The shelf is full\.$/.test(line)).length, 20);
  t.is(lines[20], 'and 5 more; see --json');
  t.regex(lines[21] ?? '', /^error: Of the pages, 25 uploads to memory: failed\./);
});

for (const call of ['list', 'writeIf', 'read', 'inspect', 'write', 'delete'])
  test(`publish tells what a target of one's own throws in ${call}() as a failure, without a stack`, async (t) => {
    const { cwd, target } = await createOwnSite(t);
    await runMain(['publish'], { cwd });
    target.put('index.html', target.text('index.html') ?? '');
    target.before = (asked) => {
      if (asked.startsWith(`${call}${call === 'list' ? '' : ' '}`)) throw new Error('The shelf has fallen.');
    };
    const { code, error } = await runMain(['publish'], { cwd });
    t.is(code, 1);
    t.regex(error, /^error: .*The shelf has fallen\.\n$/);
  });

test('publish --json prints every key that failed, with its reason, and the step', async (t) => {
  const { cwd, target } = await createOwnSite(t, { site: MANY });
  target.before = refusePages;
  const { code, out } = await runMain(['publish', '--json'], { cwd });
  t.is(code, 1);
  const { step, failures } = JSON.parse(out) as { step: string; failures: { key: string; reason: string }[] };
  t.is(step, 'upload');
  t.is(failures.length, 25);
  t.true(failures.some(({ reason }) => reason === 'The shelf is full.'));
});

test('publish shows what the export found, and publishes nothing of a site with a fault', async (t) => {
  const { cwd, target } = await createOwnSite(t, { body: '<!doctype html>\n<a href="/gone">gone</a>' });
  const { code, out, error } = await runMain(['publish'], { cwd });
  t.is(code, 1);
  t.is(out, '');
  t.regex(error, /^error: index\.html:2: [^\n]*\/gone[^\n]*\nerror: The export found 1 fault; /);
  t.is(target.objects.size, 0);
  const data = await runMain(['publish', '--json'], { cwd });
  t.like(JSON.parse(data.out), { findings: [{ kind: 'LINK_BROKEN' }] });
});

test('publish prints warnings of the export and of the publish on standard error, --quiet or not', async (t) => {
  const { cwd } = await createOwnSite(t, {
    site: "routes: [route('/'), route('/alone')], headers: [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }],",
  });
  for (const flags of [[], ['--quiet']]) {
    const { error } = await runMain(['publish', ...flags], { cwd });
    t.regex(error, /^warning: alone\/index\.html: /m);
    t.regex(error, /^warning: .*x-frame-options/im);
  }
});

test('publish asks a person before it replaces what others wrote, and without one refuses', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  target.put('index.html', 'other');
  const questions: string[] = [];
  const answer = (yes: boolean) => async (question: string) => {
    questions.push(question);
    return yes;
  };
  const isReplaced = () => target.text('index.html') !== 'other';

  const alone = await runMain(['publish'], { cwd });
  t.is(alone.code, 1);
  t.regex(
    alone.error,
    /^error: 1 object in "memory:" was not published from here.*Nothing was changed\..*--force/,
  );
  t.is((await runMain(['publish'], { cwd, confirm: answer(false) })).code, 1);
  t.false(isReplaced());
  t.regex(questions.join('\n'), /^1 object in "memory:" was not published from here.* Go on\?$/);
  t.is((await runMain(['publish'], { cwd, confirm: answer(true) })).code, 0);
  t.true(isReplaced());
});

test('publish --force asks nobody', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  target.put('index.html', 'other');
  const questions: string[] = [];
  const confirm = async (question: string) => questions.push(question) === 0;
  t.is((await runMain(['publish', '--force'], { cwd, confirm })).code, 0);
  t.deepEqual(questions, []);
  t.not(target.text('index.html'), 'other');
});

test('publish refuses a target without conditional writes, and takes it with --no-lock', async (t) => {
  const { cwd, published } = await createOwnSite(t, {
    site: 'targets: { plain: { ...target, writeIf: undefined } },',
  });
  const { code, error } = await runMain(['publish', 'plain'], { cwd });
  t.is(code, 1);
  t.regex(error, /--no-lock/);
  t.deepEqual(published(), []);
  t.is((await runMain(['publish', 'plain', '--no-lock'], { cwd })).code, 0);
  t.deepEqual(published(), ['index.html']);
});

test('publish takes the one target there is, whatever its name, and of several "default"', async (t) => {
  for (const [targets, code] of [
    ['{ staging: target }', 0],
    ['{ staging: target, production: target }', 2],
    ['{ staging: { ...target, name: "staging" }, default: target }', 0],
  ] as const) {
    const { cwd } = await createOwnSite(t, { site: `targets: ${targets},` });
    const { out, error, ...run } = await runMain(['publish'], { cwd });
    t.is(run.code, code, error);
    if (code === 0) t.regex(out, /in "memory:"/);
  }
});

for (const [site, argv, message] of [
  [
    'targets: { staging: target, live: target },',
    ['publish', 'prod'],
    'The site has no target "prod". It has: "staging", "live".',
  ],
  [
    'targets: { staging: target, live: target },',
    ['test-publish'],
    'The site has no target "default". Say which one is meant: "staging", "live".',
  ],
  [
    'targets: {},',
    ['publish'],
    'The site has no target. Name one: targets: { default: s3Target({ bucket: "www.example.com" }) }.',
  ],
  ['', ['publish', '--parallel', '0'], '--parallel is a whole number of objects from 1 to 256, not 0.'],
  [
    '',
    ['publish', '--lock-seconds', '0'],
    '--lock-seconds is a whole number of seconds from 1 to 3600, not 0.',
  ],
  [
    'targets: { default: { name: "x" } },',
    ['publish'],
    'static-url.config.mjs: "targets" in "site" gives "default" what is no target. Give it what s3Target(), gcsTarget(), azureTarget() or directoryTarget() returns.',
  ],
] as const)
  test(`${argv.join(' ')} with ${site || 'a target'} is wrong usage, and says what would be right`, async (t) => {
    const { cwd } = await createOwnSite(t, { site });
    t.deepEqual(await runMain(argv, { cwd }), { code: 2, out: '', error: `error: ${message}\n` });
  });
