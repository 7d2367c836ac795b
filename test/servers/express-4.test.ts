// The tests of what stands on Express once more, with Express 4 where they ask for "express".
import { readdirSync } from 'node:fs';

await import(new URL('../helpers/express-4.js', import.meta.url).href);
const { default: express } = await import('express');
if (!('query' in express)) throw new Error('This is not Express 4.');

const ROOM = new URL('../express/', import.meta.url);
const files = [
  ...readdirSync(ROOM)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => new URL(name, ROOM)),
  new URL('../dev/live-reload.test.ts', import.meta.url),
  new URL('truth-table.test.ts', import.meta.url),
];
// One import for all, since AVA starts as soon as the first has declared its tests.
await import(`data:text/javascript,${files.map(({ href }) => `import '${href}';`).join('')}`);
