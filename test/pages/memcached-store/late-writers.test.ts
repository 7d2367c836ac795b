import test from 'ava';
import { PageNode } from '../../../src/pages/memcached-store/page-node.ts';
import { html, keyOf, store, textOf } from '../stored-pages.ts';
import { prepareRace, REMOVALS, SENDINGS } from './stopped-writer.ts';

// Those who wait for a writer are impatient here, though a server may take its time: else a slow machine would be a fault.
Object.defineProperty(PageNode.prototype, 'landingMilliseconds', { get: () => 200 });

for (const [name, { remove }] of Object.entries(REMOVALS)) {
  test(`a page whose writer stands still for longer than the deadline, at any moment, is gone once it goes on after ${name}()`, async (t) => {
    const { pages, other } = await prepareRace(t);
    for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
      const what = `stopped before sending ${sendings}`;
      const { isWhole } = await other.run('land', sendings, `old${sendings}`, async () => {
        await remove(pages);
        t.is(await textOf(pages, '/a/b'), undefined, what);
      });
      t.false(isWhole, what);
      t.is(await textOf(pages, '/a/b'), undefined, what);
      // Nothing that is left of it leads astray.
      t.true(await store(pages, '/a/b', html('after', ['t'])), what);
      t.is(((await pages.invalidate(['t'])) as unknown[]).length, 1, what);
    }
    const { isWhole, result } = await other.run('land', SENDINGS, 'new', async () => {});
    t.true(isWhole && result === true, 'there are no more moments');
  });
}

test('a page that was published stays when the writer of an earlier one goes on', async (t) => {
  const { pages, other } = await prepareRace(t);
  for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
    const what = `stopped before sending ${sendings}`;
    await other.run('land', sendings, `old${sendings}`, async () => {
      const pending = await pages.begin(keyOf('/a/b'), { fence: true });
      t.true(await pending?.land(html(`new${sendings}`, ['t'])), what);
      t.is(await textOf(pages, '/a/b'), `<h1>new${sendings}</h1>\n`, what);
    });
    const after = await textOf(pages, '/a/b');
    // A page that was stored over it was taken back: then there is none, and never the old one.
    t.true(after === undefined || after === `<h1>new${sendings}</h1>\n`, `${what}: ${after}`);
  }
});
