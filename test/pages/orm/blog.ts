import type { ExecutionContext } from 'ava';
import { DataSource, EntitySchema } from 'typeorm';
import type { Pages, PagesOptions } from '../../../src/pages.ts';
import { startPages, type PagesApp } from '../pages-app.ts';
import { PageHooks } from './page-hooks.ts';

/** A post of the blog. */
export interface Post {
  id: number;
  slug: string;
  title: string;
}

/** What a reader said of a post. */
export interface Comment {
  id: number;
  text: string;
  post: Post;
}

export const PostEntity: EntitySchema<Post> = new EntitySchema<Post>({
  name: 'post',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    slug: { type: 'text', unique: true },
    title: { type: 'text' },
  },
});

export const CommentEntity: EntitySchema<Comment> = new EntitySchema<Comment>({
  name: 'comment',
  columns: { id: { type: 'int', primary: true, generated: true }, text: { type: 'text' } },
  relations: { post: { type: 'many-to-one', target: 'post', nullable: false, eager: true } },
});

/** A blog on a real database, whose hooks renew its pages. */
export interface Blog extends PagesApp {
  readonly database: DataSource;
  /** What a visitor without cookies gets, and whether it was in the store. */
  readonly read: (path: string) => Promise<string>;
}

/** Starts the blog with two posts, of which every page is stored. */
export async function startBlog(t: ExecutionContext, options: Partial<PagesOptions> = {}): Promise<Blog> {
  const database = new DataSource({
    type: 'sqljs',
    entities: [PostEntity, CommentEntity],
    synchronize: true,
  });
  await database.initialize();
  t.teardown(() => database.destroy());
  await database.getRepository(PostEntity).save([
    { slug: 'one', title: 'One' },
    { slug: 'two', title: 'Two' },
  ]);
  const site: PagesApp = await startPages(t, (app, pages) => addRoutes(app, pages, database), {
    app: () => site.app,
    ...options,
  });
  await site.pages.publish('/', '/feed.xml', '/posts/one', '/posts/two');
  database.subscribers.push(new PageHooks(site.pages));
  const read: Blog['read'] = async (path) => {
    const { status, headers, body } = await site.get(path);
    const from = String(headers['cache-status']).includes('hit') ? 'hit' : 'miss';
    return `${from} ${status} ${status === 200 ? body.toString() : ''}`.trimEnd();
  };
  return { ...site, database, read };
}

function addRoutes(app: PagesApp['app'], pages: Pages, database: DataSource): void {
  const [posts, comments] = [database.getRepository(PostEntity), database.getRepository(CommentEntity)];
  const titles = async (): Promise<string> =>
    (await posts.find({ order: { id: 'ASC' } })).map(({ title }) => title).join(', ');
  app.get('/', async (_request, response) => {
    response.send(`index: ${await titles()}`);
  });
  app.get('/feed.xml', async (_request, response) => {
    response.type('application/rss+xml').send(`feed: ${await titles()}`);
  });
  app.get('/posts/:slug', async ({ params: { slug } }, response) => {
    const post = await posts.findOneBy({ slug });
    if (post === null) return void response.sendStatus(404);
    pages.tag(`post:${post.id}`);
    const said = await comments.findBy({ post: { id: post.id } });
    response.send([post.title, ...said.map(({ text }) => text)].join('; '));
  });
}
