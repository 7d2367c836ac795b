import test, { type ExecutionContext } from 'ava';
import { PublishError } from '../../../src/site/index.ts';
import { JOURNAL_KEY, LOCK_KEY, MANIFEST_KEY } from '../../../src/site/publishing/control-objects.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';
import { changesOf, publishedSite, type PublishedSite } from './published.ts';

test('publish() stops at the first phase that fails, names every key, and deletes nothing', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = failing(/^write (?:a|b)\//, 'The disk is full.');
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError, code: 'PUBLISH_FAILED' });
  t.is(error.step, 'upload');
  t.deepEqual(
    error.failures.toSorted((one, other) => (one.key < other.key ? -1 : 1)),
    [
      { key: 'a/index.html', reason: 'The disk is full.' },
      { key: 'b/index.html', reason: 'The disk is full.' },
    ],
  );
  t.regex(error.message, /2 uploads to memory:\/\/test\/ failed.*nothing was deleted.*The disk is full/);
  t.true(target.objects.has('gone/index.html'));
  t.is(target.text('index.html'), textOf('home'), 'the entry page comes behind the others');
  t.false(target.objects.has(LOCK_KEY));
});

test('publish() ends what a failed publish has begun', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = failing(/^write b\//, 'No.');
  await t.throwsAsync(publish(), { code: 'PUBLISH_FAILED' });
  t.true(target.objects.has(JOURNAL_KEY));
  target.before = () => {};
  target.calls.length = 0;
  const report = await publish();
  t.deepEqual(changesOf(report), [
    'upload b/index.html: other bytes',
    'upload index.html: other bytes',
    'delete gone/index.html: not in the site any more',
  ]);
  t.is(report.number, 2);
  t.deepEqual((await publish()).changes, []);
  t.deepEqual(keysOf(target), [MANIFEST_KEY, 'a/index.html', 'b/index.html', 'index.html']);
});

test('publish() gives up on a target that refuses everything', async (t) => {
  const pages = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`/p${index}`, 'x']));
  const { publish, target } = await publishedSite(t, pages);
  target.before = failing(/^write p/, 'The service is busy.');
  const error = await t.throwsAsync(publish({ parallel: 4 }), { instanceOf: PublishError });
  t.is(error.failures.length, 100);
  const tried = target.calls.filter((call) => call.startsWith('write p')).length;
  t.true(tried >= 20 && tried < 30, String(tried));
  t.is(error.failures.filter(({ reason }) => reason.startsWith('Not tried')).length, 100 - tried);
});

test('publish() changes nothing when a listing fails on its second page', async (t) => {
  const { publish, target } = await changedSite(t);
  const before = new Map(target.objects);
  const list = target.list.bind(target);
  target.list = async function* listHalf() {
    for await (const object of list()) {
      yield object;
      throw new Error('The second page failed.');
    }
  };
  await t.throwsAsync(publish(), { message: 'The second page failed.' });
  t.deepEqual(target.objects, before);
});

test('publish() deletes nothing when the listing after the upload fails', async (t) => {
  const { publish, target } = await changedSite(t);
  let lists = 0;
  target.before = (call) => {
    if (call === 'list' && (lists += 1) === 2) throw new Error('No second listing.');
  };
  await t.throwsAsync(publish(), { message: 'No second listing.' });
  t.true(target.objects.has('gone/index.html'));
});

test('publish() notices that something else writes to the target at the same time', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = (call) => {
    if (call === 'write index.html') target.put('a/index.html', 'of another');
  };
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
  t.is(error.step, 'verify the target');
  t.deepEqual(
    error.failures.map(({ key }) => key),
    ['a/index.html'],
  );
  t.true(target.objects.has('gone/index.html'));
  target.before = () => {};
  await publish();
  t.is(target.text('a/index.html'), textOf('other a'));
});

test('publish() notices that something else changes what was to stay as it is', async (t) => {
  for (const change of ['changed', 'deleted']) {
    const { publish, target, pages } = await changedSite(t);
    pages.set('/b', 'b');
    target.before = (call) => {
      if (call !== 'write index.html') return;
      if (change === 'changed') target.put('b/index.html', 'of another');
      else target.objects.delete('b/index.html');
    };
    const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
    t.is(error.step, 'verify the target');
    t.deepEqual(error.failures, [
      { key: 'b/index.html', reason: `It was there, and something else has ${change} it.` },
    ]);
    t.true(target.objects.has('gone/index.html'));
    target.before = () => {};
    await publish();
    t.is(target.text('b/index.html'), textOf('b'));
  }
});

test('publish() does not delete what something else has written while it uploaded', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = (call) => {
    if (call === 'write index.html') target.put('gone/index.html', 'of another');
  };
  const report = await publish();
  t.is(target.text('gone/index.html'), 'of another');
  t.is(report.files.deleted, 0);
  t.regex(report.warnings.join(' '), /"gone\/index\.html".*something else has written it.*it stays/);
  target.before = () => {};
  t.deepEqual((await publish()).changes, []);
  t.is(target.text('gone/index.html'), 'of another');
});

test('publish() writes what is new before what names it, and was there before', async (t) => {
  const { publish, target, pages } = await changedSite(t);
  pages.set('/z', '<a href="/a">z</a>');
  pages.set('/a', '<a href="/z">a</a>');
  target.before = failing(/^write z\//, 'No.');
  await t.throwsAsync(publish(), { code: 'PUBLISH_FAILED' });
  t.is(target.text('a/index.html'), textOf('a'), 'no page links to what is not there');
  target.before = () => {};
  await publish();
  t.true(target.objects.has('z/index.html'));
});

test('publish() remembers what it could not delete', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = failing(/^delete gone/, 'You may not.');
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
  t.is(error.step, 'delete');
  t.true(target.objects.has('gone/index.html'));
  target.before = () => {};
  const report = await publish();
  t.deepEqual(changesOf(report), ['delete gone/index.html: left by an earlier publish']);
  t.deepEqual(keysOf(target), [MANIFEST_KEY, 'a/index.html', 'b/index.html', 'index.html']);
});

test('publish() refuses a manifest that is garbage, and begins a new one with ignoreRemote', async (t) => {
  const { publish, target } = await changedSite(t);
  target.put(MANIFEST_KEY, 'garbage');
  const before = new Map(target.objects);
  await t.throwsAsync(publish(), { code: 'PUBLISH_REFUSED', message: /manifest\.json.*--ignore-remote/ });
  t.deepEqual(target.objects, before);
  const report = await publish({ ignoreRemote: true });
  t.is(report.files.uploaded, 3);
  t.true(target.objects.has('gone/index.html'), 'nobody knows whose it is');
  t.deepEqual((await publish()).changes, []);
});

test('publish() refuses the target of another site, unless it is forced', async (t) => {
  const target = memoryTarget();
  await (
    await publishedSite(t, { '/': 'theirs', '/x': 'x' }, target, { origin: 'https://other.example' })
  ).publish();
  const { publish } = await publishedSite(t, { '/': 'ours' }, target);
  const before = new Map(target.objects);
  await t.throwsAsync(publish(), {
    code: 'PUBLISH_REFUSED',
    message: /another site, "https:\/\/other\.example\/".*2 files.*--force/,
  });
  t.deepEqual(target.objects, before);
  await publish({ force: true });
  t.deepEqual(keysOf(target), [MANIFEST_KEY, 'index.html']);
});

test('publish() refuses a target that another site has begun to publish to', async (t) => {
  const target = memoryTarget();
  const theirs = await publishedSite(t, { '/': 'theirs' }, target, { origin: 'https://other.example' });
  const { publish } = await publishedSite(t, { '/': 'ours' }, target);
  await publish();
  target.before = failing(/^write index/, 'No.');
  await t.throwsAsync(theirs.publish({ force: true }), { code: 'PUBLISH_FAILED' });
  target.before = () => {};
  await t.throwsAsync(publish(), { code: 'PUBLISH_REFUSED', message: /"https:\/\/other\.example\/"/ });
});

test('publish() asks before it replaces what it did not publish', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'ours' });
  target.put('index.html', 'theirs');
  target.put('theirs.txt', 'theirs');
  await t.throwsAsync(publish(), { code: 'PUBLISH_REFUSED', message: /1 object.*"index\.html".*--force/ });
  t.is(target.text('index.html'), 'theirs');
  const dry = await publish({ dryRun: true });
  t.regex(dry.warnings.join(' '), /--force/);
  const questions: string[] = [];
  await publish({ confirm: (question) => questions.push(question) > 0 });
  t.is(questions.length, 1);
  t.is(target.text('index.html'), textOf('ours'));
  t.is(target.text('theirs.txt'), 'theirs');
});

test('publish() refuses to delete more than maxDeletes, before it changes anything', async (t) => {
  const { publish, target, pages } = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b' });
  await publish();
  for (const path of ['/a', '/b']) pages.delete(path);
  pages.set('/', 'other');
  await t.throwsAsync(publish({ maxDeletes: 1 }), {
    code: 'PUBLISH_REFUSED',
    message: /2 objects.*allows 1.*a\/index\.html.*--max-deletes/,
  });
  t.is(target.text('index.html'), textOf('home'));
  await publish({ maxDeletes: 2 });
  t.deepEqual(keysOf(target), [MANIFEST_KEY, 'index.html']);
});

test('publish() writes nothing more once its lock is another’s', async (t) => {
  const { publish, target } = await changedSite(t);
  target.before = (call) => {
    if (call === 'write a/index.html') target.put(LOCK_KEY, '{"process":4711,"host":"elsewhere"}');
  };
  await t.throwsAsync(publish({ parallel: 1 }), { code: 'PUBLISH_LOCKED', message: /4711/ });
  t.is(target.text('index.html'), textOf('home'));
  t.true(target.objects.has('gone/index.html'));
  t.true(target.objects.has(LOCK_KEY));
});

test('publish() fails where the export fails, and does not look at the target', async (t) => {
  const { site, target } = await publishedSite(t, { '/': '<a href="/nowhere">x</a>' });
  await t.throwsAsync(site.publish(target), { code: 'SITE_CHECK_FAILED' });
  t.deepEqual(target.calls, []);
});

/** A site that is published, and of which the next publish changes three pages and deletes one. */
async function changedSite(t: ExecutionContext): Promise<PublishedSite> {
  const site = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b', '/gone': 'gone' });
  await site.publish();
  site.pages.set('/', 'other home');
  site.pages.set('/a', 'other a');
  site.pages.set('/b', 'other b');
  site.pages.delete('/gone');
  return site;
}

function textOf(word: string): string {
  return `<!doctype html><title>x</title>${word}`;
}

function failing(calls: RegExp, message: string): (call: string) => void {
  return (call) => {
    if (calls.test(call)) throw new Error(message);
  };
}

function keysOf(target: MemoryTarget): string[] {
  return [...target.objects.keys()].toSorted();
}
