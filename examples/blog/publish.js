import { parseArgs } from 'node:util';
import { build, publishSite, release } from './build.js';
import { endWith } from './endings.js';
import { inviteToTarget } from './invitations.js';
import { startBucketNginx, startSiteNginx } from './nginx.js';
import { choosePort } from './ports.js';
import { firstPosts } from './posts.js';

/** Publishes the blog as a static site: to a folder that nginx serves, with `--s3` to a bucket on this computer. */
async function start() {
  const { values } = parseArgs({ options: { s3: { type: 'boolean', default: false } } });
  const port = await choosePort(8080);
  process.env.NODE_ENV = 'production';
  process.env.PORT = String(port);
  await build();
  console.log(await release());
  /** @type {(() => Promise<void>)[]} */
  const endings = [];
  endWith(endings);
  try {
    // nginx is there first: a publish asks it for what has changed.
    const { target, settings } = await (values.s3 ? serveBucket : serveFolder)(port, endings);
    console.log(await publishSite(target));
    const { siteSettings } = await import('./settings.js');
    console.log(
      inviteToTarget({
        address: `http://127.0.0.1:${port}`,
        target,
        settings: Object.entries(settings).map((each) => each.join('=')),
        post: `/posts/${firstPosts[0].slug}`,
        stylesheet: (await siteSettings.assets()).url('css/site.css'),
      }),
    );
  } catch (error) {
    for (const end of endings) await end();
    throw error;
  }
}

/**
 * @param {number} port
 * @param {(() => Promise<void>)[]} endings
 */
async function serveFolder(port, endings) {
  // The settings read NODE_ENV and PORT, so they are imported only now.
  const { prefix, published, siteSettings } = await import('./settings.js');
  const { origin, headers, compress } = siteSettings;
  const listen = `127.0.0.1:${port}`;
  const site = { listen, root: published, origin, prefix, headers, gzipStatic: compress };
  const nginx = await startSiteNginx(port, site);
  endings.push(nginx.stop);
  return { target: 'default', settings: { NODE_ENV: 'production', PORT: port } };
}

/**
 * @param {number} port
 * @param {(() => Promise<void>)[]} endings
 */
async function serveBucket(port, endings) {
  const { startBucket } = await import('./bucket.js');
  const { website, environment, stop } = await startBucket();
  endings.push(stop);
  const nginx = await startBucketNginx(port, website);
  endings.unshift(nginx.stop);
  Object.assign(process.env, environment);
  return { target: 's3', settings: { NODE_ENV: 'production', PORT: port, ...environment } };
}

start().catch((error) => {
  console.error(error.stderr ?? error.message);
  process.exitCode = error.code?.startsWith?.('ERR_PARSE_ARGS') ? 2 : 1;
});
