import test, { type ExecutionContext } from 'ava';
import type { NewPage, PageStore } from '../../src/pages/store.ts';
import { html, keyOf, SITE, store, targetsIn, textOf } from './stored-pages.ts';

/**
 * Declares the tests that every store must pass.
 *
 * @param name - of the function that makes the store: `'fileStore()'`
 * @param openTwo - opens one empty store twice, as two processes would, and closes both when the test ends
 */
export function testStoreContract(
  name: string,
  openTwo: (t: ExecutionContext) => Promise<readonly [PageStore, PageStore]>,
): void {
  const claim = (
    what: string,
    prove: (t: ExecutionContext, one: PageStore, other: PageStore) => Promise<void>,
  ): void =>
    test(`${name} ${what}`, async (t) => {
      const [one, other] = await openTwo(t);
      await prove(t, one, other);
    });

  claim('gives other processes what it was given', async (t, one, other) => {
    const page: NewPage = { body: Buffer.from('{"a":1}'), mediaType: 'application/json', tags: ['a', 'b'] };
    t.is(await other.read(keyOf('/a?page=2')), undefined);
    const before = Date.now();
    t.true(await store(one, '/a?page=2', page));
    for (const each of [one, other]) {
      const read = await each.read(keyOf('/a?page=2'));
      t.deepEqual(read?.body, page.body);
      t.is(read?.mediaType, 'application/json');
      t.regex(read?.etag ?? '', /^"[^"]+"$/);
      t.true(Math.abs((read?.storedAt.getTime() ?? 0) - before) < 60_000);
      for await (const listed of each.list())
        t.like(listed, {
          url: `${SITE}/a?page=2`,
          site: SITE,
          target: '/a?page=2',
          mediaType: 'application/json',
          size: 7,
          tags: ['a', 'b'],
        });
      t.deepEqual(await targetsIn(each), ['/a?page=2']);
    }
  });

  claim('keeps the version of the assets that a page names, where it is known', async (t, one, other) => {
    await store(one, '/old', { ...html('old'), assetsVersion: '0123456789abcdef' });
    await store(one, '/unknown', html('unknown', ['t']));
    await store(one, '/new', html('once'));
    await store(other, '/new', { ...html('new', ['t']), assetsVersion: 'fedcba9876543210' });
    const expected = { '/old': '0123456789abcdef', '/unknown': undefined, '/new': 'fedcba9876543210' };
    const listed: Record<string, unknown> = {};
    for await (const { target, assetsVersion } of one.list()) listed[target] = assetsVersion;
    t.deepEqual(listed, expected);
    const judged: Record<string, unknown> = {};
    await other.sweep(
      ({ target, assetsVersion }) => ((judged[target] = assetsVersion), 'keep'),
      async () => true,
    );
    t.deepEqual(judged, expected);
    const invalidated = await one.invalidate(['t']);
    t.deepEqual(Object.fromEntries(invalidated.map(({ target, assetsVersion }) => [target, assetsVersion])), {
      '/unknown': undefined,
      '/new': 'fedcba9876543210',
    });
  });

  claim('tells pages by their whole URL', async (t, one, other) => {
    const keys = [
      '/',
      '/?a=b',
      '/a',
      '/a/',
      '/a/b',
      '/A',
      '/a?b=c',
      '/a?b=d/e',
      '/a%20b',
      '/%C3%A4',
      '/a.html',
      '/a.',
    ].map((target) => keyOf(target));
    keys.push(keyOf('/a', 'http://localhost:3000'));
    for (const key of keys) t.true(await store(one, key, html(`${key.site} ${key.target}`)), key.target);
    for (const key of keys) t.is(await textOf(other, key), `<h1>${key.site} ${key.target}</h1>\n`);
    const urls: string[] = [];
    for await (const { url } of other.list()) urls.push(url);
    t.deepEqual(urls.toSorted(), keys.map(({ site, target }) => site + target).toSorted());
  });

  claim('gives equal pages equal ETags and others another one', async (t, one, other) => {
    const etags: (string | undefined)[] = [];
    for (const text of ['x', 'y', 'x']) {
      await store(one, '/a', html(text));
      etags.push((await other.read(keyOf('/a')))?.etag);
    }
    t.is(etags[0], etags[2]);
    t.not(etags[0], etags[1]);
  });

  claim('gives the newer page as soon as it has landed, in another type too', async (t, one, other) => {
    await store(one, '/a', html('1', ['old']));
    t.is(await textOf(other, '/a'), '<h1>1</h1>\n');
    await store(other, '/a', html('2'));
    t.is(await textOf(one, '/a'), '<h1>2</h1>\n');
    await store(one, '/a', { body: Buffer.from('3'), mediaType: 'text/plain', tags: [] });
    t.is(await textOf(other, '/a'), '3');
    await store(one, '/a', html('4'));
    t.is(await textOf(other, '/a'), '<h1>4</h1>\n');
    t.deepEqual(await targetsIn(one), ['/a']);
    t.deepEqual(await one.invalidate(['old']), []);
    t.is(await textOf(other, '/a'), '<h1>4</h1>\n');
  });

  claim('refuses what has no path of its own', async (t, one) => {
    const refused = ['', 'a', '//a', '/a//b', '/../a', '/a/../b', '/a/./b', '/a\0', '/a@.html', '/a@.b/c'];
    for (const target of [...refused, `/${'a'.repeat(250)}`, `/${'a'.repeat(300)}/b`]) {
      t.is(await one.begin(keyOf(target), { fence: true }), undefined, target);
      t.is(await one.read(keyOf(target)), undefined);
      t.deepEqual(await one.delete([keyOf(target)]), []);
    }
  });

  claim('deletes the pages that are there, and no others', async (t, one, other) => {
    for (const target of ['/a', '/a/', '/a/b', '/a?b', '/c']) await store(one, target, html(target));
    t.is(await textOf(one, '/a'), '<h1>/a</h1>\n');
    t.deepEqual(await other.delete([keyOf('/a'), keyOf('/none'), keyOf('/c')]), [keyOf('/a'), keyOf('/c')]);
    t.is(await textOf(one, '/a'), undefined);
    t.deepEqual(await targetsIn(one), ['/a/', '/a/b', '/a?b']);
  });

  claim('deletes what is below a page', async (t, one, other) => {
    const below = ['/a', '/a/', '/a/b', '/a/b/c?d=e/f', '/a?b', '/a?b=c/d'];
    const others = ['/', '/ab', '/ab/c', '/b/a', '/a.html'];
    for (const target of [...below, ...others]) await store(one, target, html(target));
    await store(one, keyOf('/a', 'http://localhost:3000'), html('other site'));
    const removed = await other.deleteBelow(keyOf('/a'));
    t.deepEqual(
      removed.toSorted((a, b) => a.target.localeCompare(b.target)),
      below.map((target) => keyOf(target)).toSorted((a, b) => a.target.localeCompare(b.target)),
    );
    for (const target of below) t.is(await textOf(one, target), undefined, target);
    t.deepEqual(await targetsIn(one), [...others, '/a'].toSorted());
    await store(one, '/a/b', html('again'));
    t.deepEqual(await other.deleteBelow(keyOf('/a/')), [keyOf('/a/b')]);
    t.is((await other.deleteBelow(keyOf('/'))).length, others.length);
    t.deepEqual(await targetsIn(one), ['/a']);
  });

  claim('invalidates the pages that have one of the tags, and tells them', async (t, one, other) => {
    await store(one, '/1', html('1', ['post:1', 'all']));
    await store(one, '/2', html('2', ['post:2', 'all', 'all']));
    await store(one, '/3', html('3'));
    await store(one, '/4', html('4', ['../../x', 'post:1 ', '💡'.repeat(200)]));
    const removed = await other.invalidate(['post:1', 'none']);
    t.is(removed.length, 1);
    t.like(removed[0], { url: `${SITE}/1`, target: '/1', tags: ['post:1', 'all'], mediaType: 'text/html' });
    t.deepEqual(await targetsIn(one), ['/2', '/3', '/4']);
    t.deepEqual(
      (await other.invalidate(['all'])).map(({ target }) => target),
      ['/2'],
    );
    t.deepEqual(
      (await other.invalidate(['../../x', '💡'.repeat(200)])).map(({ target }) => target),
      ['/4'],
    );
    t.deepEqual(await other.invalidate([]), []);
    t.deepEqual(await targetsIn(one), ['/3']);
  });

  claim('clears everything', async (t, one, other) => {
    await store(one, '/a', html('a', ['a']));
    t.is(await textOf(other, '/a'), '<h1>a</h1>\n');
    await Promise.all([one.clear(), other.clear(), one.clear()]);
    for (const each of [one, other]) {
      t.is(await textOf(each, '/a'), undefined);
      t.deepEqual(await targetsIn(each), []);
    }
    t.true(await store(other, '/a', html('b')));
    t.is(await textOf(one, '/a'), '<h1>b</h1>\n');
  });

  claim(
    'never lands a page with a query that was begun before it is removed with what is below it',
    async (t, one, other) => {
      for (const target of ['/a/b?page=2', '/?page=2']) {
        const key = keyOf(target);
        const pending = await one.begin(key, { fence: false });
        await other.deleteBelow(key);
        t.false(await pending?.isJoinable(), target);
        t.false(await pending?.land(html('old')), target);
        t.is(await textOf(one, key), undefined, target);
      }
    },
  );

  const removals: readonly (readonly [string, (pages: PageStore) => Promise<unknown>])[] = [
    ['delete()', (pages) => pages.delete([keyOf('/a/b')])],
    ['deleteBelow()', (pages) => pages.deleteBelow(keyOf('/a'))],
    ['invalidate()', (pages) => pages.invalidate(['x', 't'])],
    ['clear()', (pages) => pages.clear()],
  ];
  for (const [title, remove] of removals) {
    claim(`never lands what was begun before ${title}`, async (t, one, other) => {
      const pending = await one.begin(keyOf('/a/b'), { fence: false });
      t.true(await pending?.isJoinable());
      await remove(other);
      t.false(await pending?.isJoinable());
      t.false(await pending?.land(html('old', ['s', 't'])));
      for (const each of [one, other]) t.is(await textOf(each, '/a/b'), undefined);
      const after = await one.begin(keyOf('/a/b'), { fence: false });
      t.true(await after?.isJoinable());
      t.true(await after?.land(html('new', ['s', 't'])));
      t.is(await textOf(other, '/a/b'), '<h1>new</h1>\n');
      await remove(other);
      t.is(await textOf(one, '/a/b'), undefined);
    });
  }

  claim('lands a page although other tags were invalidated meanwhile', async (t, one, other) => {
    const pending = await one.begin(keyOf('/a'), { fence: false });
    await other.invalidate(['other']);
    t.false(await pending?.isJoinable(), 'its tags are not known yet');
    t.true(await pending?.land(html('a', ['mine'])));
    t.is(await textOf(other, '/a'), '<h1>a</h1>\n');
  });

  claim('lands no page that began before a fence', async (t, one, other) => {
    const early = await one.begin(keyOf('/a'), { fence: false });
    const elsewhere = await one.begin(keyOf('/b'), { fence: false });
    const fenced = await other.begin(keyOf('/a'), { fence: true });
    t.false(await early?.isJoinable());
    t.false(await early?.land(html('early')));
    t.true(await elsewhere?.land(html('elsewhere')));
    t.true(await fenced?.land(html('fenced')));
    t.is(await textOf(one, '/a'), '<h1>fenced</h1>\n');
  });

  claim('keeps the page that began last of those that land without a fence', async (t, one, other) => {
    const [first, second] = [
      await one.begin(keyOf('/a'), { fence: false }),
      await other.begin(keyOf('/a'), { fence: false }),
    ];
    t.true(await second?.land(html('second')));
    t.false(await first?.land(html('first')));
    t.is(await textOf(one, '/a'), '<h1>second</h1>\n');
  });

  claim('keeps one of many that land at once', async (t, one, other) => {
    for (let round = 0; round < 5; round += 1) {
      const begun = await Promise.all(
        [one, other, one, other].map((each) => each.begin(keyOf('/a'), { fence: true })),
      );
      const landed = await Promise.all(
        begun.map(async (each, index) => each?.land(html(`${round} ${index}`, [`${index}`]))),
      );
      t.true(landed.includes(true), `round ${round}`);
      t.regex((await textOf(one, '/a')) ?? '', new RegExp(`^<h1>${round} `));
    }
  });

  claim('gives back what is discarded', async (t, one, other) => {
    const pending = await one.begin(keyOf('/a'), { fence: false });
    await pending?.discard();
    t.false(await pending?.isJoinable());
    t.false(await pending?.land(html('a')));
    t.is(await textOf(other, '/a'), undefined);
  });

  claim('sweeps what is judged so, once it was not renewed', async (t, one, other) => {
    for (const target of ['/keep', '/outdated', '/renewed', '/unlisted'])
      await store(one, target, html(target, ['t']));
    const asked: string[] = [];
    const swept = await other.sweep(
      ({ target, tags }) => {
        t.deepEqual(tags, ['t']);
        return target === '/keep' ? 'keep' : target === '/unlisted' ? 'unlisted' : 'outdated';
      },
      async ({ target }) => {
        asked.push(target);
        return target === '/renewed' && store(one, target, html('new'));
      },
    );
    t.true(swept);
    t.deepEqual(asked.toSorted(), ['/outdated', '/renewed']);
    t.deepEqual(await targetsIn(one), ['/keep', '/renewed']);
    t.is(await textOf(other, '/renewed'), '<h1>new</h1>\n');
  });

  claim('is swept by one at a time', async (t, one, other) => {
    await store(one, '/a', html('a'));
    let nested: boolean | undefined;
    t.true(
      await one.sweep(
        () => 'outdated',
        async () => {
          nested = await other.sweep(
            () => 'unlisted',
            async () => true,
          );
          return true;
        },
      ),
    );
    t.false(nested);
    t.deepEqual(await targetsIn(one), ['/a']);
    t.true(
      await other.sweep(
        () => 'unlisted',
        async () => true,
      ),
    );
    t.deepEqual(await targetsIn(one), []);
  });

  claim('sums the counts of all processes', async (t, one, other) => {
    t.deepEqual(await one.counts(), {});
    await one.saveCounts({ _ga: 1, lang: 2 });
    await other.saveCounts({ lang: 5 });
    await one.saveCounts({ _ga: 3, lang: 2 });
    for (const each of [one, other]) t.deepEqual(await each.counts(), { _ga: 3, lang: 7 });
  });
}
