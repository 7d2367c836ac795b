import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { CommentEntity, PostEntity, startBlog } from './blog.ts';

test('a post that is saved renews its page, the index and the feed, and no other page', async (t) => {
  const { database, read, asked } = await startBlog(t);
  t.is(await read('/posts/one'), 'hit 200 One');
  asked.length = 0;
  const posts = database.getRepository(PostEntity);
  await posts.save({ ...(await posts.findOneByOrFail({ slug: 'one' })), title: 'New' });
  t.is(await read('/posts/one'), 'hit 200 New');
  t.is(await read('/'), 'hit 200 index: New, Two');
  t.is(await read('/feed.xml'), 'hit 200 feed: New, Two');
  t.deepEqual(asked.toSorted(), ['/', '/feed.xml', '/posts/one']);
});

test('a post that is inserted has its page before the first visitor comes, one that is removed has none', async (t) => {
  const { database, read } = await startBlog(t);
  const posts = database.getRepository(PostEntity);
  const post = await posts.save({ slug: 'three', title: 'Three' });
  t.is(await read('/posts/three'), 'hit 200 Three');
  t.is(await read('/'), 'hit 200 index: One, Two, Three');
  await posts.remove(post);
  t.is(await read('/posts/three'), 'miss 404');
  t.is(await read('/'), 'hit 200 index: One, Two');
});

test('a changed slug removes the old page, and the new one is there', async (t) => {
  const { database, read } = await startBlog(t);
  const posts = database.getRepository(PostEntity);
  await posts.save({ ...(await posts.findOneByOrFail({ slug: 'one' })), slug: 'first' });
  t.is(await read('/posts/one'), 'miss 404');
  t.is(await read('/posts/first'), 'hit 200 One');
});

test('a comment renews the page that it belongs to, when it is written, moved to another post, and removed', async (t) => {
  const { database, read } = await startBlog(t);
  const [posts, comments] = [database.getRepository(PostEntity), database.getRepository(CommentEntity)];
  const [one, two] = [
    await posts.findOneByOrFail({ slug: 'one' }),
    await posts.findOneByOrFail({ slug: 'two' }),
  ];
  const comment = await comments.save({ text: 'Well said', post: one });
  t.is(await read('/posts/one'), 'miss 200 One; Well said');
  t.is(await read('/posts/two'), 'hit 200 Two');
  await comments.save({ ...comment, post: two });
  t.is(await read('/posts/one'), 'miss 200 One');
  t.is(await read('/posts/two'), 'miss 200 Two; Well said');
  await comments.remove(await comments.findOneByOrFail({ id: comment.id }));
  t.is(await read('/posts/two'), 'miss 200 Two');
  t.is(await read('/'), 'hit 200 index: One, Two');
});

test('in a transaction, and one inside of it, pages are renewed once, after the commit', async (t) => {
  const { database, read, asked } = await startBlog(t);
  asked.length = 0;
  await database.transaction(async (outer) => {
    const one = await outer.getRepository(PostEntity).findOneByOrFail({ slug: 'one' });
    await outer.transaction(async (inner) => inner.getRepository(PostEntity).save({ ...one, title: 'New' }));
    t.is(await read('/posts/one'), 'hit 200 One');
    t.deepEqual(asked, [], 'nothing is rendered before the commit');
  });
  t.is(await read('/posts/one'), 'hit 200 New');
  t.deepEqual(asked.toSorted(), ['/', '/feed.xml', '/posts/one']);
});

test('a transaction that is rolled back renews nothing, then or later', async (t) => {
  const { database, read, asked } = await startBlog(t);
  const posts = database.getRepository(PostEntity);
  asked.length = 0;
  await t.throwsAsync(
    database.transaction(async (manager) => {
      const one = await manager.getRepository(PostEntity).findOneByOrFail({ slug: 'one' });
      await manager.getRepository(PostEntity).save({ ...one, title: 'Never' });
      throw new Error('no');
    }),
    { message: 'no' },
  );
  await posts.save({ ...(await posts.findOneByOrFail({ slug: 'two' })), title: 'New' });
  t.is(await read('/posts/one'), 'hit 200 One');
  t.deepEqual(asked.toSorted(), ['/', '/feed.xml', '/posts/two']);
});

test('saving fails where the pages cannot be invalidated, for nobody would know of it', async (t) => {
  const { database, store } = await startBlog(t);
  const post = await database.getRepository(PostEntity).findOneByOrFail({ slug: 'one' });
  // Where the log of invalidations is written stand folders, which nobody can write.
  const log = join(store.folder, 'current', 'log');
  for (const name of await readdir(log)) {
    await rm(join(log, name));
    await mkdir(join(log, name));
  }
  await t.throwsAsync(database.getRepository(CommentEntity).save({ text: 'Lost', post }), {
    code: 'FILE_UNWRITABLE',
  });
});
