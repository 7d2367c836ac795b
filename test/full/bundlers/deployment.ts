import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
  assetTags,
  openAssets,
  writeRelease,
  type AssetTags,
  type Assets,
  type ModulesMode,
} from '../../../src/assets.ts';
import { releasesLocation } from '../../../src/nginx.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { listen } from '../../helpers/listen.ts';
import { startNginx } from '../../helpers/nginx.ts';
import type { BuiltApp } from './build.ts';

const PREFIX = '/static/';

/** How releases are written and served. */
export interface Way {
  readonly modules: ModulesMode;
  readonly together?: readonly string[] | undefined;
  readonly optional?: readonly string[] | undefined;
  readonly server: 'nginx' | 'the handler';
}

/** Every way to serve an app. */
export const WAYS = (['group', 'importmap'] as const).flatMap((modules) =>
  (['nginx', 'the handler'] as const).map((server) => ({ modules, server })),
);

/** A server that gets release after release of an app, beside a page that has the tags of the newest. */
export interface Deployment {
  readonly url: string;
  /** Writes the next release of the app, in which all that the build before had may be gone. */
  readonly release: (app: BuiltApp) => Promise<void>;
}

/** @param write - what the page has besides the import map */
export async function startDeployment(
  t: ExecutionContext,
  { server, modules, together = [], optional = [] }: Way,
  write: (tags: AssetTags) => string,
): Promise<Deployment> {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'current'), join(folder, 'releases')];
  let current: { assets: Assets; html: string; handler: ReturnType<Assets['handler']> } | undefined;
  const { url } = await listen(t, (request, response) => {
    if (request.url !== '/') current?.handler(request, response);
    else response.setHeader('Content-Type', 'text/html; charset=utf-8').end(current?.html);
  });
  const location = `location = / { proxy_pass ${url}; }\n${releasesLocation({ prefix: PREFIX, root, releases })}`;
  return {
    url: server === 'nginx' ? (await startNginx(t, location)).url : url,
    async release({ root: built, bundle }) {
      const manifest = join(folder, 'assets.json');
      await writeRelease({
        modules,
        together,
        optional,
        roots: built,
        releases,
        manifest,
        ...(bundle !== undefined && { bundle }),
      });
      await symlink(built, `${root}.new`);
      await rename(`${root}.new`, root);
      const assets = await openAssets({ prefix: PREFIX, manifest, releases });
      t.teardown(() => assets.close());
      const tags = assetTags(assets);
      const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${tags.importMap()}${write(tags)}<div id="app"></div>`;
      current = { assets, html, handler: assets.handler() };
    },
  };
}
