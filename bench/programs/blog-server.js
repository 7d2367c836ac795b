// The example blog as in production, without nginx, in a process of its own. Sends its port and the address of the site.
import { createServer } from 'node:http';
import { build, release } from '../../examples/blog/build.js';
import { listen } from '../../examples/blog/ports.js';

process.env.NODE_ENV = 'production';
// Never asked: no browser comes.
process.env.PORT = '8080';
await build();
await release();
const { createApp } = await import('../../examples/blog/app.js');
const { pageSettings } = await import('../../examples/blog/settings.js');
const { app, pages } = await createApp();
await pages.clear();
const port = await listen(createServer(app), 0);
process.send({ port, host: new URL(pageSettings.sites[0]).host });
process.on('disconnect', () => process.exit());
