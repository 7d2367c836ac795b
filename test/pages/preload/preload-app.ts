import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { Pages, PagesOptions, PreloadedViewOptions } from '../../../src/pages.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { startPages, type PagesApp } from '../pages-app.ts';

/** An app that preloads views. */
export interface PreloadApp extends PagesApp {
  /** Of the files. */
  readonly folder: string;
  /** The names of the files of views, without copies. */
  readonly names: () => Promise<string[]>;
  /** The text of a static URL's answer. */
  readonly text: (url: string) => Promise<string>;
}

/** A file's URL. */
export const STATIC = /^\/preloaded\/[0-9a-f]{16}\.html$/;

/** Starts an app that preloads views. */
export async function startPreload(
  t: ExecutionContext,
  routes: (app: Express, pages: Pages) => void,
  {
    preload = {},
    ...options
  }: Partial<Omit<PagesOptions, 'preload'>> & { preload?: Partial<PreloadedViewOptions> } = {},
): Promise<PreloadApp> {
  const folder = join(await temporaryFolder(t), 'preloaded');
  const site: PagesApp = await startPages(t, routes, {
    app: () => site.app,
    preload: { folder, ...preload },
    ...options,
  });
  return {
    ...site,
    folder,
    names: async () =>
      (await readdir(folder))
        .filter((name) => /^[0-9a-f]{16}\.[a-z-]+$/.test(name) && !name.endsWith('.view'))
        .toSorted(),
    text: async (url) => (await site.get(url)).body.toString(),
  };
}

/** When a file was last noted as used. */
export async function usedAt(file: string): Promise<Date> {
  return (await stat(file)).mtime;
}
