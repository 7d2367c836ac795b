import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { resolveDevRouterOptions } from '../../src/express/options.ts';

function watched(watch: unknown): readonly string[] | undefined {
  return resolveDevRouterOptions('/static/', 'public', { liveReload: { watch } } as object).liveReload?.watch;
}

test('devStaticRouter() takes what to watch as paths and as file: URLs', (t) => {
  t.deepEqual(watched(['views', pathToFileURL('/srv/views')]), [resolve('views'), '/srv/views']);
});

test('devStaticRouter() names the path in "liveReload.watch" that is none', (t) => {
  for (const each of [['', 'views'], [new URL('https://example.com/views')], [1]])
    t.throws(() => watched(each), { instanceOf: TypeError, message: /path in "liveReload\.watch"/ });
  t.throws(() => watched('views'), { instanceOf: TypeError, message: /is a list of paths, not "views"/ });
});
