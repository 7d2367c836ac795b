import test, { type ExecutionContext } from 'ava';
import { goToWork, seeHome } from './bundlers/app-use.ts';
import { BUNDLERS, buildApp, UNCOVERED, type BuiltApp, type Bundler } from './bundlers/build.ts';
import { startDeployment, WAYS } from './bundlers/deployment.ts';
import { assertForAYear, passingAnswers, visit } from './bundlers/visit.ts';

// What the bundlers really write, released three times, served and used.

const buildThree = (t: ExecutionContext, bundler: Bundler): Promise<BuiltApp[]> =>
  Promise.all([1, 2, 3].map((release) => buildApp(t, bundler, release)));

for (const [name, bundler] of Object.entries(BUNDLERS))
  test(`a new tab, and one from two releases ago, load every file of a build once and for a year: ${name}`, async (t) => {
    t.timeout(600_000);
    const { write, together } = bundler;
    const [first, ...further] = await buildThree(t, bundler);
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

test("a tab from two releases ago gets webpack's chunks, which no fingerprint covers, by name, not to be stored", async (t) => {
  t.timeout(600_000);
  const [first, ...further] = await buildThree(t, UNCOVERED);
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
