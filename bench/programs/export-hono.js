// Exports the same pages by Hono: node export-hono.js <order>. Prints what it took.
import fs from 'node:fs/promises';
import { Hono } from 'hono';
import { ssgParams, toSSG } from 'hono/ssg';
import { readPages } from './site-pages.js';

const order = JSON.parse(process.argv[2]);
const { slugs, page } = readPages(order);
const app = new Hono();
app.get('/notes/:slug/', ssgParams(slugs), (context) => context.html(page(context.req.param('slug'))));

const start = performance.now();
const { success, files, error } = await toSSG(app, fs, { dir: order.out, concurrency: order.concurrency });
const milliseconds = performance.now() - start;
if (!success) throw error;
console.log(
  JSON.stringify({
    milliseconds,
    rendered: files.length,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
