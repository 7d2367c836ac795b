import { realpath } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import type { NextFunction, Request } from 'express';
import serveStatic from 'serve-static';
import type { DevDecision } from '../dev/dev-request.ts';
import type { ResolvedDevRouterOptions } from './dev-router-options.ts';
import { refuse } from '../serve/refusal.ts';

/** Answers with the file that was decided on. */
export type FileServer = (
  decision: Extract<DevDecision, { kind: 'serve' }>,
  request: Request,
  response: ServerResponse,
  next: NextFunction,
) => void;

/** Makes serve-static answer what the gate has let through, under the path that the gate has read. */
export function createFileServer(resolved: ResolvedDevRouterOptions): FileServer {
  const { root, refuseSymlinks, serveStatic: options } = resolved;
  const headers = Object.entries(resolved.headers);
  const handle = serveStatic(root, {
    ...options,
    setHeaders(response, path, stats) {
      for (const [name, value] of headers) response.setHeader(name, value);
      options.setHeaders?.(response, path, stats);
    },
  });
  const serve: FileServer = ({ path, missing }, request, response, next) => {
    const { url } = request;
    request.url = path;
    handle(request, response, (error?: unknown) => {
      request.url = url;
      if (isUnsatisfiableRange(error)) refuse(response, 416, contentRangeOf(response));
      else if (error !== undefined) next(error);
      else if (missing === 'pass') next();
      else refuse(response, 404);
    });
  };
  return refuseSymlinks ? withoutLinks(resolved, serve) : serve;
}

function withoutLinks(
  { root, serveStatic: options }: ResolvedDevRouterOptions,
  serve: FileServer,
): FileServer {
  const endings = [
    ...listOf(options.extensions).map((extension) => `.${extension}`),
    ...listOf(options.index).map((name) => `/${name}`),
  ];
  return (decision, request, response, next) => {
    const path = decodeURIComponent(decision.path);
    // Whatever serve-static may choose for this path must be reached without a link.
    Promise.all(['', ...endings].map((ending) => isReachedByLink(root, path + ending))).then(
      (linked) => (linked.includes(true) ? refuse(response, 404) : serve(decision, request, response, next)),
      next,
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
    return false; // missing: serve-static says so
  }
}

function isUnsatisfiableRange(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 416;
}

/** serve-static has set it before it reports the range (RFC 9110 §15.5.17). */
function contentRangeOf(response: ServerResponse): Record<string, string> {
  const value = response.getHeader('Content-Range');
  return typeof value === 'string' ? { 'Content-Range': value } : {};
}
