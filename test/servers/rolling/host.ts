import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { releasesLocation } from '../../../src/nginx.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { startNginx } from '../../helpers/nginx.ts';
import { runMain } from '../../cli/run-main.ts';
import { PAGE, writeSources, type Deploy } from './sources.ts';

export const PREFIX = '/static/';

/** How a host keeps its static files: releases side by side, or one folder that each deploy replaces. */
export type Layout = 'releases' | 'classic';

const APP = fileURLToPath(new URL('app.js', import.meta.url));

/** One host of two: nginx, an app process behind it, and a disk of its own. Each step of a deploy is one method. */
export class Host {
  readonly url: string;
  readonly #layout: Layout;
  readonly #folder: string;
  /** A path of its own, where a port might be somebody else's by the time that the app comes back. */
  readonly #socket: string;
  #app: ChildProcess | undefined;

  private constructor(layout: Layout, folder: string, url: string, socket: string) {
    this.#layout = layout;
    this.#folder = folder;
    this.url = url;
    this.#socket = socket;
  }

  /** Starts a host that has the sources of both deploys and runs the first one. */
  static async start(t: ExecutionContext, layout: Layout): Promise<Host> {
    const folder = await temporaryFolder(t);
    const socket = join(folder, 'app.sock');
    for (const deploy of ['first', 'second'] as const) await writeSources(join(folder, deploy), deploy);
    const nginx = await startNginx(
      t,
      `location / { proxy_pass http://unix:${socket}; }\n${staticLocationOf(layout, folder)}`,
    );
    const host = new Host(layout, folder, nginx.url, socket);
    t.teardown(() => host.stopApp());
    await host.release('first');
    await host.switchTo('first');
    await host.startApp('first');
    return host;
  }

  /** `static-url release`: adds a deploy's release to those on disk; the classic layout has none. */
  async release(deploy: Deploy): Promise<void> {
    if (this.#layout === 'classic') return;
    const { root, manifest, releases } = this.#paths(deploy);
    const { code, error } = await runMain([
      'release',
      '--root',
      root,
      '--releases',
      releases,
      '--manifest',
      manifest,
    ]);
    if (code !== 0) throw new Error(error);
  }

  /** Makes a deploy's sources the current ones, in one moment. */
  async switchTo(deploy: Deploy): Promise<void> {
    const link = join(this.#folder, 'next');
    await symlink(deploy, link);
    await rename(link, join(this.#folder, 'current'));
  }

  async stopApp(): Promise<void> {
    const app = this.#app;
    if (!app || app.exitCode !== null || app.signalCode !== null) return;
    app.kill('SIGTERM');
    await once(app, 'exit');
  }

  async startApp(deploy: Deploy): Promise<void> {
    const { root, manifest, releases } = this.#paths(deploy);
    const settings = {
      socket: this.#socket,
      prefix: PREFIX,
      page: PAGE,
      ...(this.#layout === 'classic' ? { root } : { manifest, releases }),
    };
    this.#app = spawn(process.execPath, [APP, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(this.#app, 'exit').then(() => Promise.reject(new Error('The app ended.')));
    ended.catch(() => {});
    if (this.#app.stdout) await Promise.race([once(this.#app.stdout, 'data'), ended]);
  }

  #paths(deploy: Deploy): { root: string; manifest: string; releases: string } {
    return {
      root: join(this.#folder, deploy),
      manifest: join(this.#folder, `${deploy}.json`),
      releases: join(this.#folder, 'releases'),
    };
  }
}

function staticLocationOf(layout: Layout, folder: string): string {
  const root = join(folder, 'current');
  return layout === 'classic'
    ? `location ~ ^/static/([a-f0-9-]+/)?(.*)$ { alias ${root}/$2; expires 1y; add_header Cache-Control "public, immutable"; }`
    : releasesLocation({ prefix: PREFIX, root, releases: join(folder, 'releases') });
}
