import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { resolveOptions } from '../../../core/options.ts';
import { quote } from '../../../core/text.ts';
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
import { accountOf, type Account } from './account.ts';
import { azureFailure, isConditionNotMet, notAzure, readError } from './azure-failure.ts';
import { AZURE_HEADERS, blobHeaders, storedObject, tagOf, targetObject } from './blob-properties.ts';
import { openContainer, watched } from './container.ts';
import { AZURE_TARGET_OPTIONS, type AzureTargetOptions, type ResolvedAzureTarget } from './options.ts';
import { BLOCK_BYTES, uploadAtOnce, uploadInBlocks, type UploadAnswer } from './uploads.ts';

/**
 * A container of Azure Blob Storage, by default that of a static website. It needs the package `@azure/storage-blob`, which is loaded on
 * the first use.
 *
 * @throws TypeError for options of a wrong shape
 *
 * @example
 * ```js
 * azureTarget({ connectionString: process.env.AZURE_STORAGE_CONNECTION_STRING });
 * ```
 */
export function azureTarget(options: AzureTargetOptions): Target {
  return new AzureTarget(resolveOptions('azureTarget()', options, AZURE_TARGET_OPTIONS));
}

class AzureTarget implements Target {
  readonly name: string;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: readonly string[] = AZURE_HEADERS;
  declare readonly publicUrl?: string | false;
  declare readonly purge?: NonNullable<Target['purge']>;
  // Private, so that nothing prints them.
  readonly #options: ResolvedAzureTarget;
  readonly #account: Account;
  readonly #prefix: string;
  #opened: Promise<ContainerClient> | undefined;

  constructor(options: ResolvedAzureTarget) {
    const { container, prefix, publicUrl, purge } = options;
    this.#options = options;
    this.#account = accountOf(options);
    this.#prefix = keyPrefix(prefix);
    this.name = `azure://${this.#account.name}/${container}/${this.#prefix}`;
    this.details = { account: this.#account.name, container, host: this.#account.host };
    if (publicUrl !== undefined) this.publicUrl = publicUrl;
    if (purge !== undefined) this.purge = purge;
  }

  async *list(): AsyncGenerator<TargetObject> {
    const container = await this.#open();
    let marker = '';
    do {
      const page = await this.#try(() => this.#page(container, marker));
      for (const { name, properties, metadata } of page.segment.blobItems) {
        const key = name.slice(this.#prefix.length);
        // Accounts with folders list those, too.
        if (key !== '' && metadata?.['hdi_isfolder'] !== 'true') yield targetObject(key, properties);
      }
      marker = page.continuationToken ?? '';
    } while (marker !== '');
  }

  inspect(key: string): Promise<StoredObject | undefined> {
    return this.#find(key, async (blob) => {
      const properties = await watched(({ abortSignal }) => blob.getProperties({ abortSignal }));
      return storedObject(key, { ...properties, etag: this.#told(properties.etag) });
    });
  }

  read(key: string): Promise<{ bytes: Uint8Array; tag: string } | undefined> {
    return this.#find(key, (blob) =>
      watched(async (watch) => {
        const { etag, readableStreamBody } = await blob.download(0, undefined, {
          ...watch,
          maxRetryRequests: 0,
        });
        const pieces: Uint8Array[] = [];
        for await (const piece of readableStreamBody ?? []) pieces.push(Buffer.from(piece));
        return { bytes: Buffer.concat(pieces), tag: tagOf(etag) };
      }),
    );
  }

  async write(key: string, content: TargetContent, headers: TargetHeaders): Promise<Written> {
    const blob = await this.#blob(key);
    if (content.size > BLOCK_BYTES) {
      const large = await uploadInBlocks(blob, content, headers, (ask) => this.#try(ask));
      return this.#written(key, content, large);
    }
    const bytes = await content.bytes();
    return this.#written(
      key,
      content,
      await this.#try(() => uploadAtOnce(blob, content, bytes, headers, {})),
    );
  }

  async writeIf(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined> {
    const conditions = 'tag' in condition ? { ifMatch: `"${condition.tag}"` } : { ifNoneMatch: '*' };
    const blob = await this.#blob(key);
    const bytes = await content.bytes();
    const { answer, isTriedAgain } = await this.#conditional(() =>
      uploadAtOnce(blob, content, bytes, headers, conditions),
    );
    if (answer !== undefined) return this.#written(key, content, answer);
    if (!isTriedAgain) return undefined;
    // The first try may have been carried out, and only its answer lost.
    const found = await this.inspect(key);
    return found?.md5 === content.md5 ? { tag: found.tag } : undefined;
  }

  async setHeaders({ key, revision, md5 }: TargetObject, headers: TargetHeaders): Promise<Written> {
    const blob = await this.#blob(key);
    const conditions = { ifMatch: `"${revision}"` };
    const { answer, isTriedAgain } = await this.#conditional(() =>
      watched(({ abortSignal }) =>
        blob.setHTTPHeaders(blobHeaders(headers, md5), { abortSignal, conditions }),
      ),
    );
    if (answer !== undefined) return { tag: tagOf(this.#told(answer.etag)) };
    const found = isTriedAgain ? await this.inspect(key) : undefined;
    if (found !== undefined && found.md5 === md5 && haveSameHeaders(found.headers, headers))
      return { tag: found.tag };
    throw new TargetError(
      'other',
      `Somebody else has just changed ${quote(this.name + key)}. Publish again.`,
    );
  }

  async delete(key: string): Promise<void> {
    await this.#find(key, (blob) =>
      watched(({ abortSignal }) => blob.delete({ abortSignal, deleteSnapshots: 'include' })),
    );
  }

  #page(container: ContainerClient, marker: string): Promise<Page> {
    return watched(async ({ abortSignal }) => {
      const blobs = container.listBlobsFlat({ prefix: this.#prefix, includeMetadata: true, abortSignal });
      const pages = blobs.byPage({ maxPageSize: 1000, ...(marker !== '' && { continuationToken: marker }) });
      const { value, done } = await pages.next();
      // Otherwise all would seem to be gone where something else answered.
      if (done === true || value.serviceEndpoint === undefined) throw notAzure(this.#account);
      return value;
    });
  }

  /** What a request finds; `undefined` for a blob that is not there. */
  async #find<Found>(
    key: string,
    ask: (blob: BlockBlobClient) => Promise<Found>,
  ): Promise<Found | undefined> {
    const blob = await this.#blob(key);
    return this.#try(async () => {
      try {
        return await ask(blob);
      } catch (error) {
        if (readError(error).code === 'BlobNotFound') return undefined;
        throw error;
      }
    });
  }

  /** The answer to a request with a condition; `undefined` when that does not hold. */
  async #conditional<Answer>(
    ask: () => Promise<Answer>,
  ): Promise<{ answer: Answer | undefined; isTriedAgain: boolean }> {
    return this.#try(async (before) => {
      const isTriedAgain = before > 0;
      try {
        return { answer: await ask(), isTriedAgain };
      } catch (error) {
        if (isConditionNotMet(error)) return { answer: undefined, isTriedAgain };
        throw error;
      }
    });
  }

  #try<Answer>(ask: (before: number) => Promise<Answer>): Promise<Answer> {
    const { attempts, container } = this.#options;
    const explain = (error: unknown): ReturnType<typeof azureFailure> =>
      azureFailure(error, this.name, this.#account, container);
    return tried({ attempts, explain }, ask);
  }

  async #blob(key: string): Promise<BlockBlobClient> {
    const container = await this.#open();
    return container.getBlockBlobClient(this.#prefix + key);
  }

  #open(): Promise<ContainerClient> {
    this.#opened ??= openContainer(this.#options, this.#account);
    return this.#opened;
  }

  /** The ETag of an answer: that of something else in the place of Azure has none. */
  #told(etag: string | undefined): string {
    if (etag === undefined) throw notAzure(this.#account);
    return etag;
  }

  #written(key: string, content: TargetContent, { etag, contentMD5 }: UploadAnswer): Written {
    const tag = tagOf(this.#told(etag));
    if (contentMD5 === undefined || Buffer.from(contentMD5).toString('hex') === content.md5) return { tag };
    throw new TargetError(
      'integrity',
      `What arrived as ${quote(this.name + key)} is not what was sent. Publish again; if it happens again, check what stands between.`,
    );
  }
}

/** A page of a listing. */
type Page = Awaited<
  ReturnType<ReturnType<ReturnType<ContainerClient['listBlobsFlat']>['byPage']>['next']>
>['value'];
