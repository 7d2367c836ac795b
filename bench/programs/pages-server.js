// An Express app whose pages are rendered by EJS, in a process of its own: node pages-server.js <candidate> <folder>.
// Sends its port. A path is /notes/<any>; /slow/<any> waits for one of ten connections to a database.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import apicache from 'apicache';
import express from 'express';
import { pageCache } from 'static-url/express';
import { createPages, fileStore } from 'static-url/pages';

const [candidate, folder] = process.argv.slice(2);
const POOL = 10;
const QUERY_MILLISECONDS = 50;

const notes = Array.from({ length: 12 }, (_, index) => ({
  slug: `note-${index}`,
  title: `What note ${index} promises & keeps`,
  subject: 'Tides',
  date: '2026-10-07',
  summary:
    'A booklet by the chandler’s till knows the height of the sea next August. It manages this by never correcting itself.',
}));

let rendered = 0;
let free = POOL;
const queue = [];

async function query() {
  if (free === 0) await new Promise((resolve) => queue.push(resolve));
  else free -= 1;
  await sleep(QUERY_MILLISECONDS);
  const next = queue.shift();
  if (next) next();
  else free += 1;
}

const app = express().disable('x-powered-by');
app
  .set('view engine', 'ejs')
  .set('views', import.meta.dirname)
  .set('view cache', true);
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  if (candidate === 'pages') {
    const pages = createPages({
      sites: [`http://127.0.0.1:${port}`],
      urls: ['/notes/:name', '/slow/:name'],
      store: fileStore({ folder: join(folder, 'store') }),
      explain: false,
    });
    app.use(pageCache(pages));
  }
  if (candidate === 'apicache') app.use(apicache.middleware('1 hour'));
  app.get('/notes/:name', (request, response) => {
    rendered += 1;
    response.render('pages-list', { title: `Notes of ${request.params.name}`, notes });
  });
  app.get('/slow/:name', async (request, response) => {
    await query();
    response.render('pages-list', { title: `Notes of ${request.params.name}`, notes });
  });
  process.send({ port });
});
process.on('message', () => {
  process.send({ rendered });
  rendered = 0;
});
process.on('disconnect', () => process.exit());
