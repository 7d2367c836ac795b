import { join } from 'node:path';
import test from 'ava';
import { siteServer } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { checkHost } from '../site/hosting/check-host.ts';
import { HEADERS, PREFIX, REDIRECTS, siteFolder, SITES } from '../site/hosting/host-rows.ts';

for (const site of SITES) {
  test(`siteServer() answers as every host: ${site.title}`, async (t) => {
    const root = await siteFolder(t);
    const socketPath = join(await temporaryFolder(t), 'nginx.sock');
    const { origin, trailingSlash } = site;
    const server = siteServer({
      root,
      origin,
      trailingSlash,
      listen: `unix:${socketPath}`,
      prefix: PREFIX,
      redirects: REDIRECTS,
      headers: HEADERS,
      gzipStatic: true,
    });
    await startNginx(t, 'return 444;', server);
    await checkHost(t, site, { socketPath });
  });
}
