import { build, exportSite, release } from './build.js';
import { endWith } from './endings.js';
import { inviteToSite } from './invitations.js';
import { startSiteNginx } from './nginx.js';
import { choosePort } from './ports.js';
import { firstPosts } from './posts.js';

/** Exports the blog as a static site, and lets nginx serve it. */
async function start() {
  process.env.NODE_ENV = 'production';
  const port = await choosePort(8080);
  await build();
  console.log(await release());
  console.log(await exportSite());

  // The settings read NODE_ENV, so they are imported only now.
  const { prefix, siteSettings } = await import('./settings.js');
  const { out, origin, headers, compress, assets } = siteSettings;
  const listen = `127.0.0.1:${port}`;
  const nginx = await startSiteNginx(port, {
    listen,
    root: out,
    origin,
    prefix,
    headers,
    gzipStatic: compress,
  });
  endWith([nginx.stop]);
  console.log(
    inviteToSite({
      address: `http://${listen}`,
      site: out,
      post: `/posts/${firstPosts[0].slug}`,
      stylesheet: (await assets()).url('css/site.css'),
    }),
  );
}

start().catch((error) => {
  console.error(error.stderr ?? error.message);
  process.exitCode = 1;
});
