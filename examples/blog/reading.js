import express from 'express';

/**
 * What visitors read: the pages that are stored. Each is tagged with the posts whose titles stand in it.
 *
 * @param {import('./database.js').BlogDatabase} database
 * @param {import('static-url/pages').Pages} pages
 */
export function readingRoutes(database, pages) {
  const router = express.Router();

  router.get('/', (_request, response) => {
    const posts = database.posts();
    pages.tag(...posts.map(tagOf));
    response.render('home', { posts });
  });

  router.get('/posts/:slug', (request, response, next) => {
    const posts = database.posts();
    const index = posts.findIndex(({ slug }) => slug === request.params.slug);
    if (index === -1) return next();
    const [post, following] = [posts[index], posts[(index + 1) % posts.length]];
    pages.tag(tagOf(post), tagOf(following));
    response.render('post', { post, following, comments: database.comments(post.slug) });
  });

  router.get('/feed.xml', (_request, response) => {
    const posts = database.posts();
    pages.tag(...posts.map(tagOf));
    response.type('application/rss+xml').render('feed', { posts });
  });

  // The list for the field that finds notes: a view that pages preload.
  router.get('/notes.json', (_request, response) => {
    const posts = database.posts();
    pages.tag(...posts.map(tagOf));
    response.json(posts.map(({ title, slug }) => ({ title, url: `/posts/${slug}` })));
  });

  return router;
}

/** @param {{ slug: string }} post */
export function tagOf({ slug }) {
  return `post:${slug}`;
}
