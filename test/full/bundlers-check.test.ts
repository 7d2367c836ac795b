import { join } from 'node:path';
import test from 'ava';
import { checkAssets, type Finding } from '../../src/assets/check/check-assets.ts';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { BUNDLERS, buildApp, UNCOVERED, type BuiltApp } from './bundlers/build.ts';

async function findingsOf(app: BuiltApp, together: readonly string[] = []): Promise<readonly Finding[]> {
  const { findings } = await checkAssets({ roots: app.root, together });
  return findings;
}

for (const [name, bundler] of Object.entries(BUNDLERS))
  test(`a check has nothing to say of a build with the options of the documentation: ${name}`, async (t) => {
    t.deepEqual(await findingsOf(await buildApp(t, bundler), bundler.together), []);
  });

test('a check of a script build of webpack without "together" names it, and the publicPath that it takes', async (t) => {
  const findings = await findingsOf(await buildApp(t, UNCOVERED));
  const chunks = findings.filter(({ kind }) => kind === 'chunk-map');
  t.deepEqual(
    chunks.map(({ severity, asset }) => `${severity} ${asset}`),
    ['warning main.js'],
  );
  t.regex(
    chunks[0]!.message,
    /List the folder of its output in "together", such as ".\/", and build with output\.publicPath: 'auto'/,
  );
});

test("a build of Vite with an absolute base is told of by a check, and refused by strict opening and a release: all say base: './'", async (t) => {
  const { command, ...vite } = BUNDLERS['Vite with Vue']!;
  const { root } = await buildApp(t, { ...vite, command: [...command, '--base', '/static/'] });
  const advice = /Build with base: '\.\/'\./;
  const findings = await findingsOf({ root });
  t.true(findings.some(({ severity, message }) => severity === 'error' && advice.test(message)));
  const refusal = { code: 'REFERENCE_BROKEN', message: advice };
  await t.throwsAsync(openAssets({ prefix: '/static/', roots: root, strict: true }), refusal);
  const folder = await temporaryFolder(t);
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await t.throwsAsync(writeRelease({ roots: root, releases, manifest }), refusal);
});
