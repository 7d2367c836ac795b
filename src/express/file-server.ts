import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import type { NextFunction, Request } from 'express';
import serveStatic from 'serve-static';
import type { DevDecision } from '../dev/index.ts';
import type { ResolvedDevRouterOptions } from './options.ts';
import { NO_STORE } from '../http/headers.ts';
import { refuse } from '../http/refusal.ts';
import { pathOf } from '../http/request-path.ts';

/** Answers with a file of one root; calls `done` with an error, or with nothing when the root has no such file. */
type RootServer = (
  path: string,
  request: Request,
  response: ServerResponse,
  done: (error?: unknown) => void,
) => void;

/** Lets serve-static answer requests that were decided on. Of files with one name the first root's wins. */
export function createFileServer(resolved: ResolvedDevRouterOptions) {
  const { roots, redirect } = resolved;
  const servers = roots.map((root) => createRootServer(root, resolved));
  return (
    { path, missing }: Extract<DevDecision, { kind: 'serve' }>,
    request: Request,
    response: ServerResponse,
    next: NextFunction,
  ): void => {
    const look = (index: number): void => {
      const serve = servers[index];
      if (serve !== undefined) {
        serve(path, request, response, (error) => {
          if (isUnsatisfiableRange(error)) {
            // serve-static has set it before it reports the range (RFC 9110 §15.5.17).
            refuse(response, 416, { 'Content-Range': String(response.getHeader('Content-Range')) });
          } else if (error !== undefined) next(error);
          else look(index + 1);
        });
      } else if (
        redirect &&
        !path.endsWith('/') &&
        roots.some((root) => hasFolder(root, decodeURIComponent(path)))
      ) {
        redirectToFolder(request, response);
      } else if (missing === 'pass') next();
      else refuse(response, 404);
    };
    look(0);
  };
}

function createRootServer(root: string, resolved: ResolvedDevRouterOptions): RootServer {
  const { serveStatic: options } = resolved;
  const headers = Object.entries(resolved.headers);
  const handle = serveStatic(root, {
    ...options,
    setHeaders(response, path, stats) {
      for (const [name, value] of headers) response.setHeader(name, value);
      options.setHeaders?.(response, path, stats);
    },
  });
  const serve: RootServer = (path, request, response, done) => {
    const { url } = request;
    request.url = path;
    handle(request, response, (error?: unknown) => {
      request.url = url;
      done(error);
    });
  };
  return resolved.refuseSymlinks ? withoutLinks(root, resolved, serve) : serve;
}

function withoutLinks(
  root: string,
  { serveStatic: options }: ResolvedDevRouterOptions,
  serve: RootServer,
): RootServer {
  const endings = [
    ...listOf(options.extensions).map((extension) => `.${extension}`),
    ...listOf(options.index).map((name) => `/${name}`),
  ];
  return (encoded, request, response, done) => {
    const path = decodeURIComponent(encoded);
    // None of the files that serve-static may choose for this path may be reached by a link.
    Promise.all(['', ...endings].map((ending) => isReachedByLink(root, path + ending))).then(
      (linked) => (linked.includes(true) ? refuse(response, 404) : serve(encoded, request, response, done)),
      done,
    );
  };
}

function listOf(option: string | string[] | boolean | undefined): string[] {
  return typeof option === 'string' ? [option] : Array.isArray(option) ? option : [];
}

async function isReachedByLink(root: string, path: string): Promise<boolean> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(join(root, path))]);
    return realFile !== resolve(join(realRoot, path));
  } catch {
    return false; // missing, as serve-static will find too
  }
}

function isUnsatisfiableRange(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 416;
}

/** Whether a root has a folder of this name. */
function hasFolder(root: string, name: string): boolean {
  try {
    return statSync(join(root, name)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Sends the browser to the same URL with a slash at its end. The redirect of serve-static has no `Cache-Control`, and
 * a browser may keep such a 301 for ever (RFC 9110 §15.4.2).
 */
function redirectToFolder({ originalUrl }: Request, response: ServerResponse): void {
  const [, query = ''] = /(\?.*)$/s.exec(originalUrl) ?? [];
  response.writeHead(301, {
    // Two slashes at the start would name another host.
    Location: `${pathOf(originalUrl).replace(/^\/+/, '/')}/${query}`,
    'Content-Length': 0,
    'Cache-Control': NO_STORE,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end();
}
