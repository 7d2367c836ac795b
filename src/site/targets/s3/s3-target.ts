import { resolveOptions } from '../../../core/options.ts';
import { tried } from '../attempts.ts';
import { keyPrefix } from '../key-prefix.ts';
import { haveSameHeaders } from '../same-headers.ts';
import type {
  StoredObject,
  Target,
  TargetContent,
  TargetHeaders,
  TargetObject,
  WriteCondition,
  Written,
} from '../target.ts';
import { TargetError } from '../target-error.ts';
import { objectOf } from './bucket-object.ts';
import { connect, hostOf, type S3Connection } from './bucket.ts';
import { told, toldTag } from './genuine-answer.ts';
import { fieldsOf, headersOf, requireShortLocation, S3_HEADERS } from './object-headers.ts';
import { S3_TARGET_OPTIONS, type ResolvedS3Target, type S3TargetOptions } from './options.ts';
import { isConditionNotMet, readError, s3Failure, type S3Place } from './s3-failure.ts';
import { contentMd5, PART_BYTES, uploadInParts, withAnyAcl, type ObjectPlace } from './uploads.ts';

/** S3 copies no larger object in one request. */
const LARGEST_COPY_BYTES = 5 * 1024 ** 3;

/**
 * A bucket of S3, or of a service that speaks its protocol: Cloudflare R2, Backblaze B2, MinIO, Ceph. It needs the package
 * `@aws-sdk/client-s3`, which is loaded on the first use.
 *
 * @throws TypeError for options of a wrong shape
 *
 * @example
 * ```js
 * s3Target({ bucket: 'www.example.com', region: 'eu-central-1' });
 * ```
 */
export function s3Target(options: S3TargetOptions): Target {
  return new S3Target(resolveOptions('s3Target()', options, S3_TARGET_OPTIONS));
}

class S3Target implements Target {
  readonly name: string;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: readonly string[];
  declare readonly publicUrl?: string | false;
  declare readonly purge?: NonNullable<Target['purge']>;
  // Private, so that nothing prints them.
  readonly #options: ResolvedS3Target;
  readonly #prefix: string;
  readonly #place: S3Place;
  #connection: Promise<S3Connection> | undefined;
  #quotesTags = true;

  constructor(options: ResolvedS3Target) {
    const { bucket, prefix, publicUrl, purge, region, endpoint, redirects } = options;
    this.#options = options;
    this.headers = S3_HEADERS.filter((name) => redirects || name !== 'location');
    this.#prefix = keyPrefix(prefix);
    this.name = `s3://${bucket}/${this.#prefix}`;
    this.#place = { name: this.name, bucket, host: hostOf(options) };
    this.details = {
      bucket,
      ...(endpoint !== undefined && { endpoint: new URL(endpoint).origin }),
      ...(region !== undefined && { region }),
    };
    if (publicUrl !== undefined) this.publicUrl = publicUrl;
    if (purge !== undefined) this.purge = purge;
  }

  async *list(): AsyncGenerator<TargetObject> {
    let token: string | undefined;
    do {
      const order = { ...this.#bucket, Prefix: this.#prefix, ...(token && { ContinuationToken: token }) };
      const page = await this.#ask(async ({ sdk, client }) => {
        const answer = await client.send(new sdk.ListObjectsV2Command(order));
        told(answer.IsTruncated);
        return answer;
      });
      for (const { Key = '', Size = 0, ETag, LastModified } of page.Contents ?? []) {
        const key = Key.slice(this.#prefix.length);
        // Some tools keep an object for the folder itself.
        if (key !== '') yield objectOf(key, Size, ETag, LastModified);
      }
      token = page.NextContinuationToken;
      // Otherwise the rest would seem to be gone.
      if (page.IsTruncated && token === undefined)
        throw new TargetError('other', `${this.name} says that its listing goes on, but not where.`);
    } while (token !== undefined);
  }

  async inspect(key: string): Promise<StoredObject | undefined> {
    return this.#find(async ({ sdk, client }) => {
      const found = await client
        .send(new sdk.HeadObjectCommand(this.#at(key)))
        .catch((error: unknown) => this.#explainHead(error));
      const { ContentLength = 0, LastModified } = found;
      return { ...objectOf(key, ContentLength, toldTag(found), LastModified), headers: headersOf(found) };
    });
  }

  async read(key: string): Promise<{ bytes: Uint8Array; tag: string } | undefined> {
    return this.#find(async ({ sdk, client }) => {
      const { Body, ETag } = await client.send(new sdk.GetObjectCommand(this.#at(key)));
      const bytes = (await Body?.transformToByteArray()) ?? Buffer.of();
      return { bytes, tag: toldTag({ ETag }) };
    });
  }

  async write(key: string, content: TargetContent, headers: TargetHeaders): Promise<Written> {
    const place = this.#placeOf(key, headers);
    if (content.size > PART_BYTES) {
      const isStored = async (tag: string): Promise<boolean> => {
        const found = await this.inspect(key);
        return found?.tag === tag && haveSameHeaders(found.headers, headers);
      };
      const trying = this.#try.bind(this);
      return { tag: await uploadInParts(await this.#connect(), place, content, trying, isStored) };
    }
    const bytes = await content.bytes();
    return { tag: await this.#try(() => this.#put(place, content, bytes, {})) };
  }

  async writeIf(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined> {
    const first = await this.#putIf(key, content, headers, condition);
    if (first !== undefined || 'absent' in condition || !this.#quotesTags) return first;
    // Ceph compares a tag without its quotes, against RFC 9110.
    if ((await this.inspect(key))?.tag !== condition.tag) return undefined;
    this.#quotesTags = false;
    return this.#putIf(key, content, headers, condition);
  }

  async setHeaders({ key, size, tag }: TargetObject, headers: TargetHeaders): Promise<Written | undefined> {
    if (size > LARGEST_COPY_BYTES) return undefined;
    const place = this.#placeOf(key, headers);
    const source = [place.Bucket, ...place.Key.split('/')].map(encodeURIComponent).join('/');
    const order = {
      ...withAnyAcl(place),
      CopySource: source,
      CopySourceIfMatch: `"${tag}"`,
      MetadataDirective: 'REPLACE',
    } as const;
    return this.#ask(async ({ sdk, client }) => {
      const { CopyObjectResult } = await client.send(new sdk.CopyObjectCommand(order));
      return { tag: toldTag(CopyObjectResult ?? {}) };
    });
  }

  async delete(key: string): Promise<void> {
    await this.#find(({ sdk, client }) => client.send(new sdk.DeleteObjectCommand(this.#at(key))));
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    connection?.client.destroy();
  }

  async #putIf(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined> {
    const mark = this.#quotesTags ? '"' : '';
    const conditions = 'tag' in condition ? { IfMatch: mark + condition.tag + mark } : { IfNoneMatch: '*' };
    const place = this.#placeOf(key, headers);
    const bytes = await content.bytes();
    let isTriedAgain = false;
    const etag = await this.#try(async (before) => {
      isTriedAgain = before > 0;
      try {
        return await this.#put(place, content, bytes, conditions);
      } catch (error) {
        if (isConditionNotMet(error)) return undefined;
        throw error;
      }
    });
    if (etag !== undefined) return { tag: etag };
    if (!isTriedAgain) return undefined;
    // The first try may have been carried out, and only its answer lost.
    const found = await this.read(key);
    return found !== undefined && Buffer.compare(found.bytes, bytes) === 0 ? { tag: found.tag } : undefined;
  }

  async #put(
    place: ObjectPlace,
    { md5 }: TargetContent,
    Body: Uint8Array,
    conditions: { readonly IfMatch?: string; readonly IfNoneMatch?: string },
  ): Promise<string> {
    const { sdk, client } = await this.#connect();
    const order = { ...withAnyAcl(place), ...conditions, Body, ContentMD5: contentMd5(md5) };
    return toldTag(await client.send(new sdk.PutObjectCommand(order)));
  }

  /** The answer to HEAD has no body, in which the service says what is wrong: that to another request has one. */
  async #explainHead(error: unknown): Promise<never> {
    const { sdk, client } = await this.#connect();
    const { status } = readError(error);
    if ([301, 307, 400, 403].includes(status))
      await client.send(new sdk.ListObjectsV2Command({ ...this.#bucket, Prefix: this.#prefix, MaxKeys: 1 }));
    throw error;
  }

  /** What a request finds; `undefined` for an object that is not there. */
  #find<Found>(ask: (connection: S3Connection) => Promise<Found>): Promise<Found | undefined> {
    return this.#ask(async (connection) => {
      try {
        return await ask(connection);
      } catch (error) {
        const { status, code } = readError(error);
        if (status === 404 && code !== 'NoSuchBucket') return undefined;
        throw error;
      }
    });
  }

  #ask<Answer>(ask: (connection: S3Connection) => Promise<Answer>): Promise<Answer> {
    return this.#try(async () => ask(await this.#connect()));
  }

  #try<Answer>(ask: (before: number) => Promise<Answer>): Promise<Answer> {
    const explain = (error: unknown): ReturnType<typeof s3Failure> => s3Failure(error, this.#place);
    return tried({ attempts: this.#options.attempts, explain }, ask);
  }

  #connect(): Promise<S3Connection> {
    this.#connection ??= connect(this.#options);
    return this.#connection;
  }

  get #bucket(): { readonly Bucket: string } {
    return { Bucket: this.#options.bucket };
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { ...this.#bucket, Key: this.#prefix + key };
  }

  #placeOf(key: string, headers: TargetHeaders): ObjectPlace {
    const { acl } = this.#options;
    requireShortLocation(headers, this.name + key);
    return { ...this.#at(key), ...fieldsOf(headers), ...(acl !== undefined && { ACL: acl }) };
  }
}
