import { join } from 'node:path';
import test from 'ava';
import { optionalFiles } from '../../src/assets/optional-files.ts';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { openAssets } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const CASES: readonly (readonly [patterns: readonly string[], names: string, others: string])[] = [
  [[], '', 'a.js vendor/a.js'],
  [['vendor/**'], 'vendor/a.js vendor/.x/b.css', 'a.js a/vendor/b.js'],
  [['./vendor/*.js'], 'vendor/a.js', 'vendor/b/a.js vendor/a.css'],
  [['vendor/'], 'vendor/a.js vendor/b/c.js', 'vendors/a.js'],
  [['pages/[slug].js', '(x).css'], 'pages/[slug].js (x).css', 'pages/other.js'],
  [['vendor/**', '!vendor/ours/**', '!**/*.css'], 'vendor/a.js', 'app.js vendor/ours/a.js vendor/a.css'],
  [['!vendor/**'], '', 'app.js vendor/a.js'],
  [['vendor/!(ours).js'], 'vendor/a.js', 'vendor/ours.js app.js'],
];

for (const [patterns, names, others] of CASES)
  test(`the patterns ${JSON.stringify(patterns)} are of ${names || 'nothing'}, not of ${others}`, (t) => {
    const isOptional = optionalFiles(patterns);
    for (const name of names.split(' ').filter((each) => each !== '')) t.true(isOptional(name), name);
    for (const name of others.split(' ')) t.false(isOptional(name), name);
  });

test('what optional files refer to may be missing: a strict opening lets it pass, check warns of it', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/vendor/lib.js': "new URL('./flags/x.png', import.meta.url); import('./none.js')",
    'public/ours.css': 'a { background: url(none.png) }',
  });
  const roots = join(folder, 'public');
  const open = (optional: string[]) => openAssets({ prefix: '/static/', roots, strict: true, optional });
  const error = await t.throwsAsync(open(['vendor/**']), { code: 'REFERENCE_BROKEN' });
  t.regex(
    error?.message ?? '',
    /ours\.css.*\nIf a file works without what it names, list it in the option "optional", such as "ours\.css"\.$/s,
  );
  t.notRegex(error?.message ?? '', /lib\.js/);
  await (await open(['vendor/**', 'ours.css'])).close();
  const { findings } = await checkAssets({ roots, optional: ['vendor/**'] });
  t.deepEqual(
    findings.map(({ asset, severity }) => `${severity} ${asset}`),
    ['error ours.css', 'warning vendor/lib.js', 'warning vendor/lib.js'],
  );
});
