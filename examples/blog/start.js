import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { build, release } from './build.js';
import { startNginx } from './nginx.js';
import { choosePort, listen } from './ports.js';

/** Starts the blog, with `--nginx` as in production. */
async function start() {
  const { values } = parseArgs({ options: { nginx: { type: 'boolean', default: false } } });
  process.env.NODE_ENV = values.nginx ? 'production' : 'development';
  await build();
  if (values.nginx) console.log(await release());

  // The settings read NODE_ENV, so they are imported only now.
  const { createApp } = await import('./app.js');
  const { prefix, releases, root } = await import('./settings.js');

  const { app, assets, close } = await createApp();
  const server = createServer(app);
  const endings = [
    async () => {
      server.close();
      server.closeAllConnections();
      await close();
    },
  ];
  endWith(endings);

  try {
    if (values.nginx) {
      const appPort = await listen(server, 0);
      const port = await choosePort(0);
      const nginx = await startNginx({ port, appPort, prefix, root, releases });
      endings.unshift(nginx.stop);
      console.log(inviteToNginx(`http://127.0.0.1:${port}`, prefix, assets.url('css/site.css')));
    } else {
      const port = await listen(server, await choosePort(3000));
      console.log(inviteToEdit(`http://127.0.0.1:${port}`));
    }
  } catch (error) {
    for (const end of endings) await end();
    throw error;
  }
}

/**
 * Ends everything in order on the first signal, and ignores the impatient ones after it.
 *
 * @param {(() => Promise<void>)[]} endings
 */
function endWith(endings) {
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    for (const step of endings) await step();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
}

/** @param {string} address */
function inviteToEdit(address) {
  return `
Slack Water is at ${address}

Applaud a few times at the foot of a page, then edit
  examples/blog/public/css/site.css    a colour, say: the page changes and keeps the count
  examples/blog/public/js/counter.js   the page loads again
  examples/blog/views/posts/           likewise

Ctrl-C ends it.`;
}

/**
 * @param {string} address
 * @param {string} prefix
 * @param {string} stylesheet
 */
function inviteToNginx(address, prefix, stylesheet) {
  return `
Slack Water is at ${address}, and nginx serves its static files. Compare Cache-Control:

  a released version     curl -I ${address}${stylesheet}
  any other version      curl -I ${address}${prefix}${'0'.repeat(16)}/css/site.css
  no version             curl -I ${address}${prefix}css/site.css
  a page, from the app   curl -I ${address}/

Change a file and start again: only its URL and those of what refers to it are new, and the old ones still answer.

Ctrl-C ends it.`;
}

start().catch((error) => {
  console.error(error.message);
  process.exitCode = error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
});
