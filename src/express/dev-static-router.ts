import { readdirSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { NextFunction, Router } from 'express';
import serveStatic from 'serve-static';
import { NO_STORE } from '../core/cache-control.ts';
import { quote } from '../core/options.ts';
import { requireFolder } from '../core/scan-folder.ts';
import { isVersion } from '../core/version-format.ts';
import { decideDevRequest, type DevDecision } from '../dev/dev-request.ts';
import { startLiveReload, type LiveReload } from '../dev/live-reload.ts';
import {
  resolveDevRouterOptions,
  type DevStaticRouterOptions,
  type ResolvedDevRouterOptions,
} from './dev-router-options.ts';
import { loadExpress } from './load-express.ts';

/** An Express router that serves static URLs, with what live reload needs. */
export interface DevStaticRouter extends Router {
  /** The script tag to put into every page; empty when live reload is off. */
  readonly liveReloadTag: string;
  /** Ends watching and open event streams, so that the process can end. */
  close(): Promise<void>;
}

/**
 * A router for development: strips the version from static URLs and serves the files with serve-static, asking
 * browsers to revalidate each time.
 *
 * Serves no index, no redirects and no dotfiles unless told so. Under a version a missing file is a 404, so that the
 * app's catch-all never answers a script's URL with a page; without a version it goes on to the app.
 *
 * @param prefix - what static URLs start with; of an absolute URL its path
 * @param root - the folder whose files the prefix serves, relative to the working folder
 * @param options - every option of serve-static, and our own; a `maxAge` given here is yours to answer for, since any
 *   version gets the current bytes
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `LIVE_RELOAD_IN_PRODUCTION`, `PACKAGE_MISSING`
 * @throws TypeError for a prefix, a root or an option of the wrong shape
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { devStaticRouter } from 'static-url/express';
 *
 * const app = express();
 * app.use(devStaticRouter('/static/', 'public'));
 * ```
 */
export function devStaticRouter(prefix: string, root: string, options: DevStaticRouterOptions = {}): DevStaticRouter {
  const resolved = resolveDevRouterOptions(prefix, root, options);
  requireFolder(resolved.root);
  warnOfVersionLikeFolders(resolved.root);
  const router = loadExpress().Router();
  const liveReload = resolved.liveReload && startLiveReload({ root: resolved.root, watch: resolved.liveReload.watch, onError: warnOfWatching });
  const serve = fileServer(resolved);
  router.use((request, response, next) => {
    const decision = decideDevRequest(request.method, request.url, resolved.rules);
    if (decision.kind === 'pass') next();
    else if (decision.kind === 'refuse') refuse(response, decision.status);
    else if (decision.kind === 'serve') serve(decision, request, response, next);
    else answerLiveReload(liveReload, decision.name, request, response);
  });
  return Object.assign(router, {
    liveReloadTag: resolved.liveReload?.tag ?? '',
    close: async () => liveReload?.close(),
  });
}

type ServeDecision = Extract<DevDecision, { kind: 'serve' }>;
type Serve = (decision: ServeDecision, request: IncomingMessage & { url: string }, response: ServerResponse, next: NextFunction) => void;

function fileServer({ root, headers, serveStatic: options, refuseSymlinks }: ResolvedDevRouterOptions): Serve {
  const headerList = Object.entries(headers);
  const handle = serveStatic(root, {
    ...options,
    setHeaders(response, path, stats) {
      for (const [name, value] of headerList) response.setHeader(name, value);
      options.setHeaders?.(response, path, stats);
    },
  });
  const serve: Serve = ({ path, missing }, request, response, next) => {
    const { url } = request;
    request.url = path;
    handle(request, response, (error?: unknown) => {
      request.url = url;
      const status = statusOf(error);
      if (status === 416) refuse(response, 416, contentRangeOf(response));
      else if (error !== undefined) next(error);
      else if (missing === 'pass') next();
      else refuse(response, 404);
    });
  };
  if (!refuseSymlinks) return serve;
  return (decision, request, response, next) => {
    isReachedWithoutLink(root, decision.path).then(
      (direct) => {
        if (direct) serve(decision, request, response, next);
        else refuse(response, 404);
      },
      () => serve(decision, request, response, next), // missing: serve-static says so
    );
  };
}

async function isReachedWithoutLink(root: string, path: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(join(root, decodeURIComponent(path)))]);
  return realFile === join(realRoot, decodeURIComponent(path));
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** serve-static has set it before it reports an unsatisfiable range (RFC 9110 §15.5.17). */
function contentRangeOf(response: ServerResponse): Record<string, string> {
  const value = response.getHeader('Content-Range');
  return typeof value === 'string' ? { 'Content-Range': value } : {};
}

const REFUSALS = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 416: 'Range Not Satisfiable' } as const;

function refuse(response: ServerResponse, status: keyof typeof REFUSALS, headers: Record<string, string> = {}): void {
  const body = `${REFUSALS[status]}\n`;
  for (const name of ['Last-Modified', 'ETag', 'Accept-Ranges']) response.removeHeader(name);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': NO_STORE,
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    ...headers,
  });
  response.end(body);
}

function answerLiveReload(liveReload: LiveReload | undefined, name: string, request: IncomingMessage, response: ServerResponse): void {
  if (!liveReload?.handle(name, request, response)) refuse(response, 404);
}

function warnOfVersionLikeFolders(root: string): void {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && isVersion(entry.name));
  for (const { name } of folders) {
    process.emitWarning(
      `The folder ${quote(join(root, name))} has a name that looks like a version, so its files cannot be reached by it: the version wins. Rename it.`,
      { type: 'StaticUrlWarning', code: 'STATIC_URL_VERSION_LIKE_FOLDER' },
    );
  }
}

function warnOfWatching(error: Error): void {
  process.emitWarning(error.message, { type: 'StaticUrlWarning', code: 'STATIC_URL_LIVE_RELOAD' });
}
