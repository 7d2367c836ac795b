import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { build, release } from './build.js';
import { endWith } from './endings.js';
import { inviteToEdit, inviteToNginx } from './invitations.js';
import { startMemcached } from './memcached.js';
import { startNginx } from './nginx.js';
import { choosePort, listen } from './ports.js';
import { firstPosts } from './posts.js';

/** Starts the blog, with `--nginx` as in production, with `--memcached` with its pages there. */
async function start() {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const { values } = parseArgs({ options: { nginx: flag, memcached: flag } });
  process.env.NODE_ENV = values.nginx ? 'production' : 'development';
  const port = await choosePort(values.nginx ? 8080 : 3000);
  process.env.PORT = String(port);
  await build();
  if (values.nginx) console.log(await release());
  const memcached = values.memcached ? await startMemcached(3) : undefined;
  process.env.MEMCACHED = memcached?.servers.join() ?? '';

  // The settings read NODE_ENV, PORT and MEMCACHED, so they are imported only now.
  const { createApp } = await import('./app.js');
  const { deltas, pageSettings, prefix, releases, root } = await import('./settings.js');

  const { app, assets, pages, password, close } = await createApp();
  const server = createServer(app);
  const endings = [
    async () => {
      server.close();
      server.closeAllConnections();
      await close();
      await memcached?.stop();
    },
  ];
  endWith(endings);

  try {
    // What was stored before may have been made by another app.js.
    await pages.clear();
    const address = `http://127.0.0.1:${port}`;
    if (values.nginx) {
      const appPort = await listen(server, 0);
      await pages.publish(
        '/',
        '/feed.xml',
        firstPosts.map(({ slug }) => `/posts/${slug}`),
      );
      const nginx = await startNginx({
        port,
        appPort,
        files: { prefix, releases, root, deltas },
        pages: pageSettings,
      });
      endings.unshift(nginx.stop);
      console.log(
        inviteToNginx({
          address,
          password,
          memcached: process.env.MEMCACHED,
          prefix,
          stylesheet: assets.url('css/site.css'),
        }),
      );
    } else {
      await listen(server, port);
      console.log(inviteToEdit({ address, password, memcached: process.env.MEMCACHED }));
    }
  } catch (error) {
    for (const end of endings) await end();
    throw error;
  }
}

start().catch((error) => {
  console.error(error.message);
  process.exitCode = error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
});
