import type { ExecutionContext } from 'ava';
import express from 'express';
import { route, type PublishReport, type Site, type Target } from '../../../src/site/index.ts';
import type { PublishOptions, SiteOptions } from '../../../src/site/options.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';
import { openSite } from '../exported.ts';

/** A site whose pages a test can change, and a target in memory. */
export interface PublishedSite<Published extends Target = MemoryTarget> {
  readonly site: Site;
  readonly target: Published;
  /** The text of each page by its path; another text, or another page, is what the next publish finds. */
  readonly pages: Map<string, string>;
  readonly publish: (options?: PublishOptions) => Promise<PublishReport>;
}

/** Opens a site with pages of one word each. */
export async function publishedSite(
  t: ExecutionContext,
  pages: Readonly<Record<string, string>>,
): Promise<PublishedSite>;
export async function publishedSite<Published extends Target>(
  t: ExecutionContext,
  pages: Readonly<Record<string, string>>,
  target: Published,
  options?: Partial<SiteOptions>,
): Promise<PublishedSite<Published>>;
export async function publishedSite(
  t: ExecutionContext,
  pages: Readonly<Record<string, string>>,
  target: Target = memoryTarget(),
  options: Partial<SiteOptions> = {},
): Promise<PublishedSite<Target>> {
  const texts = new Map(Object.entries(pages));
  const app = express();
  app.get('/{*path}', (request, response) => {
    response.send(`<!doctype html><title>x</title>${texts.get(request.path)}`);
  });
  const { site } = await openSite(t, {
    app,
    routes: [
      route('/{*path}', {
        params: () => [...texts.keys()].map((path) => (path === '/' ? {} : { path: path.slice(1) })),
      }),
    ],
    ...options,
  });
  return {
    site,
    target,
    pages: texts,
    publish: async (given = {}) => site.publish(target, given),
  };
}

/** What a publish did to each object, in short: `upload index.html: new`. */
export function changesOf({ changes }: PublishReport): string[] {
  return changes.map(({ action, key, reason }) => `${action} ${key}: ${reason}`);
}
