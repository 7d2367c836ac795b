import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { tagOf } from './bucket-object.ts';

/** Something between answered in the place of the service, such as a proxy with a page of its own. */
export class ForeignAnswer extends Error {}

/**
 * What an answer of the service always tells: the SDK takes any page with status 200 for one that tells nothing.
 *
 * @throws {@link ForeignAnswer}
 */
export function told<Value>(value: Value | undefined): Value {
  if (value === undefined || value === '') throw new ForeignAnswer();
  return value;
}

/** The ETag of an answer, without its quotes. */
export function toldTag({ ETag }: { readonly ETag?: string | undefined }): string {
  return told(tagOf(ETag));
}

/** Has a client refuse what shows by its body alone that the service did not send it. */
export function refuseForeignAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      // All that this client sends and gets is HTTP.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const [{ method }, response] = [given.request as Asked, result.response as Answered];
      const isDone = response.statusCode < 300;
      if (isHtml(response) && !isBusy(response) && !(isDone && /^(?:GET|HEAD)$/.test(method)))
        return refuse(response);
      // 204; some services send 200 without a body.
      if (isDone && method === 'DELETE') response.body = await emptyBody(response);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'refuseForeignAnswers' },
  );
}

interface Asked {
  readonly method: string;
}

interface Answered {
  readonly statusCode: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  body: Readable;
}

/** The service sends XML, and HTML only as an object. */
function isHtml({ headers }: Answered): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '');
}

/** Then what stands before the service answers for it, as is right. */
function isBusy({ statusCode }: Answered): boolean {
  return statusCode >= 500 || statusCode === 429 || statusCode === 408;
}

async function emptyBody(response: Answered): Promise<Readable> {
  for await (const piece of response.body) if (String(piece).trim() !== '') refuse(response);
  return Readable.from([]);
}

/** The connection is of no more use, since nobody reads on. */
function refuse({ body }: Answered): never {
  body.destroy();
  throw new ForeignAnswer();
}
