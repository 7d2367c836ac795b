import test from 'ava';
import { previewSite } from '../../../src/site/preview/index.ts';
import { listen } from '../../helpers/listen.ts';
import { checkHost } from '../hosting/check-host.ts';
import { HEADERS, PREFIX, REDIRECTS, siteFolder, SITES } from '../hosting/host-rows.ts';

for (const site of SITES) {
  test(`previewSite() answers as every host: ${site.title}`, async (t) => {
    const folder = await siteFolder(t);
    const { port } = await listen(
      t,
      previewSite({
        ...site,
        folder,
        prefix: PREFIX,
        redirects: REDIRECTS,
        headers: HEADERS,
        notFound: '404.html',
      }),
    );
    await checkHost(t, site, { host: '127.0.0.1', port });
  });
}
