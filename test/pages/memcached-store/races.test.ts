import test from 'ava';
import { until } from '../../helpers/descriptors.ts';
import { html, keyOf, store, textOf } from '../stored-pages.ts';
import { LANDS, prepareRace, REMOVALS, SENDINGS } from './stopped-writer.ts';

for (const [name, { remove, kind }] of Object.entries(REMOVALS))
  test(`${name}() waits for a writer that stands still just as it lands, and then takes its page`, async (t) => {
    const { pages, other, log } = await prepareRace(t);
    for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
      const what = `stopped before sending ${sendings}`;
      let removal: Promise<unknown> = Promise.resolve();
      await other.run('land', sendings, `old${sendings}`, async () => {
        const before = (await log()).length;
        let isResolved = false;
        removal = remove(pages).then(() => (isResolved = true));
        await until(async () => (await log()).slice(before).includes(`${kind} `));
        // Time enough for whoever does not wait.
        for (let turn = 0; turn < 50; turn += 1) await pages.read(keyOf('/a/b'));
        if (sendings >= LANDS) t.false(isResolved, what);
      });
      await removal;
      t.is(await textOf(pages, '/a/b'), undefined, what);
      t.true(await store(pages, '/a/b', html('after', ['t'])), what);
      await pages.delete([keyOf('/a/b')]);
    }
  });
