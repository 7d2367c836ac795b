import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isRender } from '../../render/index.ts';
import type { HttpRequest, HttpResponse } from '../../http/exchange.ts';
import { cacheFor, YEAR_SECONDS } from '../../http/headers.ts';
import { EncodingNegotiator } from '../../http/negotiation.ts';
import { beginWhole } from '../../http/prepared-answer.ts';
import { refuse } from '../../http/refusal.ts';
import { sendBytes } from '../../http/response-body.ts';
import { systemErrorCode } from '../../core/errors.ts';
import { isNotModified } from '../page-answer.ts';
import { contentType } from '../rules/index.ts';
import { targetOf } from '../visits.ts';
import type { ResolvedPreload } from './options.ts';
import { typeOfFile } from './view-files.ts';

const negotiator = new EncodingNegotiator(['gzip']);
const GZIP = [{ encoding: 'gzip' }];
/** Nothing is there, or what is there is no file, or leads elsewhere. */
const NO_FILE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'];

/** Answers with the files of preloaded views, as nginx would. */
export class FileAnswers {
  readonly #folder: string;
  readonly #path: string;

  constructor({ folder, prefix }: Pick<ResolvedPreload, 'folder' | 'prefix'>) {
    this.#folder = folder;
    this.#path = prefix.path;
  }

  /** Whether a request is for what stands below the prefix. */
  isFor(request: HttpRequest): boolean {
    return targetOf(request).startsWith(this.#path) && !isRender(request);
  }

  /** Answers a request below the prefix: with a file, or by refusing. */
  async answer(request: HttpRequest, response: HttpResponse): Promise<void> {
    const [name = ''] = targetOf(request).slice(this.#path.length).split('?');
    const type = typeOfFile(name);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
    if (type === undefined) return refuse(response, 404);
    let copy: Buffer | undefined;
    let body: Buffer | undefined;
    try {
      if (negotiator.choose(request.headers['accept-encoding']?.toString(), GZIP) !== undefined)
        copy = await this.#read(`${name}.gz`);
      body = copy ?? (await this.#read(name));
    } catch {
      return refuse(response, 500);
    }
    if (body === undefined) return refuse(response, 404);
    const etag = `"${name.slice(0, 16)}${copy === undefined ? '' : '-gzip'}"`;
    const headers = {
      'Cache-Control': cacheFor(YEAR_SECONDS, true),
      ETag: etag,
      Vary: 'Accept-Encoding',
      'X-Content-Type-Options': 'nosniff',
    };
    if (isNotModified(request, etag)) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const whole = {
      ...headers,
      'Content-Type': contentType(type),
      'Content-Length': body.length,
      ...(copy === undefined ? {} : { 'Content-Encoding': 'gzip' }),
    };
    if (beginWhole(request, response, whole) !== undefined) sendBytes(body, response);
  }

  /** A file, or `undefined` where it is not there. A link may lead anywhere, and no view is one. */
  async #read(name: string): Promise<Buffer | undefined> {
    try {
      const handle = await open(join(this.#folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (NO_FILE.includes(systemErrorCode(error))) return undefined;
      throw error;
    }
  }
}
