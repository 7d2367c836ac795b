import express from 'express';
import { tagOf } from './reading.js';
import { refusal } from './same-origin.js';

/**
 * What visitors and the author write. Each saves first and renews pages then: a page rendered before would be the old one.
 *
 * @param {import('./database.js').BlogDatabase} database
 * @param {import('static-url/pages').Pages} pages
 */
export function writingRoutes(database, pages) {
  const router = express.Router();

  router.post('/posts/:slug/comments', async (request, response, next) => {
    const { slug } = request.params;
    const name = textOf(request.body?.name, 60);
    const text = textOf(request.body?.text, 2000);
    if (!database.addComment(slug, name, text)) return next();
    // Visitors get the old page until the new one has taken its place.
    await pages.refresh(`/posts/${slug}`);
    response.redirect(303, `/posts/${slug}#comments`);
  });

  router.use('/posts/:slug/edit', (_request, response, next) => {
    if (response.locals.author) next();
    else response.redirect(303, '/login');
  });

  router.get('/posts/:slug/edit', (request, response, next) => {
    const post = database.posts().find(({ slug }) => slug === request.params.slug);
    if (!post) return next();
    response.render('edit', { post });
  });

  router.post('/posts/:slug/edit', async (request, response, next) => {
    const { slug } = request.params;
    if (!database.rename(slug, textOf(request.body?.title, 120))) return next();
    // The index, the feed and the neighbour that leads here show the title too: their tags tell which pages do.
    const { results } = await pages.invalidate({ tags: [tagOf({ slug })] });
    await pages.publish(results);
    response.redirect(303, `/posts/${slug}`);
  });

  return router;
}

/**
 * @param {unknown} given
 * @param {number} most How many characters it may have.
 * @returns {string}
 */
function textOf(given, most) {
  const text = typeof given === 'string' ? given.trim() : '';
  if (text === '' || text.length > most) throw refusal(400, 'A field is empty, or too long.');
  return text;
}
