// The Express app of a site that is exported, which worker threads import too.
import { pbkdf2Sync } from 'node:crypto';
import express from 'express';
import { readPages } from './site-pages.js';

const order = JSON.parse(process.env.BENCH_SITE);
const { page } = readPages(order);

const app = express();
app.get('/notes/:slug', (request, response) => {
  if (order.iterations) pbkdf2Sync('note', 'salt', order.iterations, 32, 'sha256');
  response.send(page(request.params.slug));
});
export default app;
