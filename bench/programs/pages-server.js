// An Express app whose pages are a query of SQLite and rendered by EJS, in a process of its own: node pages-server.js <candidate> <folder>.
// Sends its port. A path is /notes/<any>; /slow/<any> waits for one of ten connections to a database.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import apicache from 'apicache';
import express from 'express';
import sqlite from 'node-sqlite3-wasm';
import { pageCache } from 'static-url/express';
import { createPages, fileStore } from 'static-url/pages';

const { Database } = sqlite;
const [candidate, folder] = process.argv.slice(2);
const POOL = 10;
const QUERY_MILLISECONDS = 50;

const SUMMARY =
  'A booklet by the chandler’s till knows the height of the sea next August. It manages this by never correcting itself.';

const database = new Database(':memory:');
database.exec(
  'CREATE TABLE notes (slug TEXT PRIMARY KEY, title TEXT, subject TEXT, date TEXT, summary TEXT)',
);
for (let index = 0; index < 12; index += 1)
  database.run('INSERT INTO notes VALUES (?, ?, ?, ?, ?)', [
    `note-${index}`,
    `What note ${index} promises & keeps`,
    'Tides',
    `2026-10-${10 + index}`,
    SUMMARY,
  ]);
const select = database.prepare('SELECT * FROM notes ORDER BY date DESC');

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
    response.render('pages-list', { title: `Notes of ${request.params.name}`, notes: select.all() });
  });
  app.get('/slow/:name', async (request, response) => {
    await query();
    response.render('pages-list', { title: `Notes of ${request.params.name}`, notes: select.all() });
  });
  process.send({ port });
});
process.on('message', () => {
  process.send({ rendered });
  rendered = 0;
});
process.on('disconnect', () => process.exit());
