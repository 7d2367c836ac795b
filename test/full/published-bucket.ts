import type { ExecutionContext } from 'ava';
import type { Target } from '../../src/site/index.ts';
import type { PublishOptions } from '../../src/site/options.ts';
import { text } from '../site/targets/contract.ts';
import { changesOf, publishedSite } from '../site/publishing/published.ts';

/** Publishes a site of odd pages to a bucket, again, with other headers, and after edits by others. */
export async function publishesOnlyWhatChanged(
  t: ExecutionContext,
  target: Target,
  given: PublishOptions = {},
): Promise<void> {
  const options = { skipVerify: true, force: true, ...given };
  const { site, pages } = await publishedSite(t, {
    '/': 'home',
    '/about': 'about',
    '/a b+c': 'odd',
    '/grüße': 'unicode',
  });
  const first = await site.publish(target, options);
  t.is(first.files.uploaded, first.files.count);
  t.deepEqual(changesOf(await site.publish(target, options)), []);

  pages.set('/about', 'something else');
  t.deepEqual(changesOf(await site.publish(target, options)), ['upload about/index.html: other bytes']);

  const { headers, ...object } = (await target.inspect('about/index.html')) ?? t.fail();
  await target.setHeaders?.(object, { ...headers, 'cache-control': 'public, max-age=9' });
  t.deepEqual(changesOf(await site.publish(target, options)), [
    'headers about/index.html: headers changed by others',
  ]);
  t.deepEqual((await target.inspect('about/index.html'))?.headers, headers);

  await target.write('index.html', text('<p>by others'), { 'content-type': 'text/html' });
  t.deepEqual(changesOf(await site.publish(target, options)), ['upload index.html: changed by others']);
  t.regex(Buffer.from((await target.read('index.html'))?.bytes ?? []).toString(), /home/);
  t.deepEqual(changesOf(await site.publish(target, options)), []);
}
