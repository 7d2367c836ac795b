import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { checkAssets, type Finding } from '../../src/assets/check/check-assets.ts';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { goToWork, seeHome } from './bundlers/app-use.ts';
import { BUNDLERS, buildApp, UNCOVERED, type BuiltApp, type Bundler } from './bundlers/build.ts';
import { startDeployment, WAYS } from './bundlers/deployment.ts';
import { assertForAYear, passingAnswers, visit } from './bundlers/visit.ts';

// What the bundlers really write, checked, released three times, served and used.

const buildThree = (t: ExecutionContext, bundler: Bundler): Promise<BuiltApp[]> =>
  Promise.all([1, 2, 3].map((release) => buildApp(t, bundler, release)));

async function findingsOf(root: string, together: readonly string[] = []): Promise<readonly Finding[]> {
  const { findings } = await checkAssets({ roots: root, together });
  return findings;
}

for (const [name, bundler] of Object.entries(BUNDLERS))
  test(`a check has nothing to say of a build with the options of the documentation, and a new tab, and one from two releases ago, load its every file once and for a year: ${name}`, async (t) => {
    t.timeout(600_000);
    const { write, together } = bundler;
    const [first, ...further] = await buildThree(t, bundler);
    t.deepEqual(await findingsOf(first!.root, together), []);
    for (const way of WAYS) {
      t.log(way.server, way.modules);
      const deployment = await startDeployment(t, { ...way, together }, write);
      await deployment.release(first!);
      const old = await visit(t, deployment.url);
      await seeHome(t, old);
      for (const app of further) await deployment.release(app);
      await goToWork(t, old, 1);
      assertForAYear(t, old, way.modules);
      const fresh = await visit(t, deployment.url);
      await seeHome(t, fresh);
      await goToWork(t, fresh, 3);
      assertForAYear(t, fresh, way.modules);
      await Promise.all([old.page.close(), fresh.page.close()]);
    }
  });

test('a check of a script build of webpack without "together" names it, and the publicPath that it takes; a tab from two releases ago gets its chunks, which no fingerprint covers, by name, not to be stored', async (t) => {
  t.timeout(600_000);
  const [first, ...further] = await buildThree(t, UNCOVERED);
  const chunks = (await findingsOf(first!.root)).filter(({ kind }) => kind === 'chunk-map');
  t.deepEqual(
    chunks.map(({ severity, asset }) => `${severity} ${asset}`),
    ['warning main.js'],
  );
  t.regex(
    chunks[0]!.message,
    /List the folder of its output in "together", such as ".\/", and build with output\.publicPath: 'auto'/,
  );
  for (const way of WAYS) {
    t.log(way.server, way.modules);
    const deployment = await startDeployment(t, way, UNCOVERED.write);
    await deployment.release(first!);
    const old = await visit(t, deployment.url);
    await seeHome(t, old);
    for (const app of further) await deployment.release(app);
    const before = old.answers.length;
    await goToWork(t, old, 1);
    const late = old.answers.slice(before);
    // The image is that of the style of the entry as well, which covers it.
    const passing = passingAnswers(late);
    t.true(passing.length >= 4, JSON.stringify(late));
    for (const { status, cacheControl, asset } of passing)
      t.deepEqual([status, cacheControl], [200, 'no-store'], asset);
    await old.page.close();
  }
});

test("a build of Vite with an absolute base is told of by a check, and refused by strict opening and a release: all say base: './'", async (t) => {
  const { command, ...vite } = BUNDLERS['Vite with Vue']!;
  const { root } = await buildApp(t, { ...vite, command: [...command, '--base', '/static/'] });
  const advice = /Build with base: '\.\/'\./;
  const findings = await findingsOf(root);
  t.true(findings.some(({ severity, message }) => severity === 'error' && advice.test(message)));
  const refusal = { code: 'REFERENCE_BROKEN', message: advice };
  await t.throwsAsync(openAssets({ prefix: '/static/', roots: root, strict: true }), refusal);
  const folder = await temporaryFolder(t);
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await t.throwsAsync(writeRelease({ roots: root, releases, manifest }), refusal);
});
