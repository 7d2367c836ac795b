import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { MANIFEST_KEY } from '../../../../src/site/publishing/control-objects.ts';
import { previewSite } from '../../../../src/site/preview/index.ts';
import { temporaryFolder } from '../../../helpers/folder.ts';
import { listen } from '../../../helpers/listen.ts';
import { filesOf } from '../../exported.ts';
import { manifestText } from './killed-bucket.ts';
import type { Killed } from './kills.ts';

/** A folder that is served by HTTP, for killed publishes. */
export async function killedFolder(t: ExecutionContext): Promise<Killed> {
  const folder = join(await temporaryFolder(t), 'www');
  const { url } = await listen(
    t,
    previewSite({
      folder,
      origin: 'https://www.example.com',
      trailingSlash: 'always',
      redirects: [],
      headers: [],
      prefix: '/static/',
      notFound: '404.html',
    }),
  );
  return {
    target: { folder },
    url,
    contents: async () => {
      const files = Object.entries(await filesOf(folder));
      return Object.fromEntries(
        files.map(([name, text]) => [name, name === MANIFEST_KEY ? manifestText(text) : text]),
      );
    },
    clear: async () => rm(folder, { recursive: true }),
  };
}
