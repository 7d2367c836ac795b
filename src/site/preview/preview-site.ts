import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { isVersion } from '../../core/version-format.ts';
import { cacheFor, NO_STORE, REVALIDATE, YEAR_SECONDS } from '../../http/headers.ts';
import { refuse } from '../../http/refusal.ts';
import { pathOf } from '../../http/request-path.ts';
import { assetPathOf, headersFor, originPath, readHostHeaders, readHostRedirects } from '../hosting/index.ts';
import type { PreviewOptions } from './options.ts';
import { decodedPath, previewAnswer } from './preview-answer.ts';
import { isFile, sendFile } from './send-file.ts';

/**
 * Serves the folder of an exported site as its host will, and as `siteServer()` has nginx do it. Everything is read anew
 * for each request, so that the next export shows at once.
 */
export function previewSite(options: PreviewOptions): RequestListener {
  const { folder, trailingSlash, notFound } = options;
  const base = originPath(options.origin);
  return (request, response) => {
    const target = request.url ?? '/';
    const path = pathOf(target);
    const [query = ''] = /\?.+$/s.exec(target) ?? [];
    const headers = headersOf(path.slice(base.length - 1), options);
    const { 'Content-Type': _type, ...common } = headers;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, { ...common, 'Cache-Control': NO_STORE });
      return;
    }
    const redirects = textOf(folder, '_redirects');
    const answer = previewAnswer(path, query, {
      base,
      trailingSlash,
      redirects: redirects === undefined ? options.redirects : readHostRedirects(redirects),
      notFound,
      has: (file) => isFile(join(folder, file)),
    });
    if (answer.kind === 'redirect') {
      const { status, location } = answer;
      response
        .writeHead(status, {
          ...common,
          'Cache-Control': REVALIDATE,
          Location: location,
          'Content-Length': 0,
        })
        .end();
    } else if (answer.kind === 'missing') refuse(response, 404, { ...common, 'Cache-Control': NO_STORE });
    else
      sendFile(request, response, {
        path: join(folder, answer.file),
        status: answer.status,
        headers: answer.status === 200 ? headers : common,
      });
  };
}

/** What a file of a path is sent with. */
function headersOf(
  path: string,
  { folder, headers, prefix, origin }: PreviewOptions,
): Record<string, string> {
  const text = textOf(folder, '_headers');
  const said =
    text === undefined
      ? headersFor(
          decodedPath(path),
          headers.map((each) => ({ ...each, path: decodedPath(each.path) })),
        )
      : readHostHeaders(text)(path);
  const { 'cache-control': given = REVALIDATE, 'content-type': type, ...others } = Object.fromEntries(said);
  const assets = prefix === undefined ? undefined : assetPathOf(prefix, origin);
  const isLong =
    text === undefined && assets !== undefined && isVersioned(decodedPath(path), decodedPath(assets));
  return {
    ...others,
    ...(type !== undefined && { 'Content-Type': type }),
    'Cache-Control': isLong ? cacheFor(YEAR_SECONDS, true) : given,
    'X-Content-Type-Options': 'nosniff',
  };
}

function isVersioned(path: string, assets: string): boolean {
  if (!path.startsWith(assets)) return false;
  const [version = '', ...rest] = path.slice(assets.length).split('/');
  return isVersion(version) && rest.length > 0;
}

function textOf(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}
