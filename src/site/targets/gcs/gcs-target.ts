import { resolveOptions } from '../../../core/options.ts';
import { quote } from '../../../core/text.ts';
import { tried } from '../attempts.ts';
import { keyPrefix } from '../key-prefix.ts';
import type {
  Target,
  TargetContent,
  TargetHeaders,
  TargetObject,
  WriteCondition,
  Written,
} from '../target.ts';
import { TargetError } from '../target-error.ts';
import { openBucket, type BucketRequests } from './bucket-requests.ts';
import { gcsFailure, isMissingBucket, statusOf } from './gcs-failure.ts';
import {
  GCS_HEADERS,
  LISTED_FIELDS,
  metadataOf,
  storedObject,
  targetObject,
  type ObjectResource,
} from './object-resource.ts';
import { GCS_TARGET_OPTIONS, type GcsTargetOptions, type ResolvedGcsTarget } from './options.ts';
import { PART_BYTES, uploadAtOnce, uploadInParts } from './uploads.ts';

/**
 * A bucket of Google Cloud Storage. It needs the package `@google-cloud/storage`, which is loaded on the first use.
 *
 * @throws TypeError for options of a wrong shape
 *
 * @example
 * ```js
 * gcsTarget({ bucket: 'www.example.com', publicUrl: 'https://www.example.com' });
 * ```
 */
export function gcsTarget(options: GcsTargetOptions): Target {
  return new GcsTarget(resolveOptions('gcsTarget()', options, GCS_TARGET_OPTIONS));
}

class GcsTarget implements Target {
  readonly name: string;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: readonly string[] = GCS_HEADERS;
  declare readonly publicUrl?: string | false;
  declare readonly purge?: NonNullable<Target['purge']>;
  // Private, so that nothing prints them.
  readonly #options: ResolvedGcsTarget;
  readonly #prefix: string;
  #opened: Promise<BucketRequests> | undefined;

  constructor(options: ResolvedGcsTarget) {
    const { bucket, prefix, publicUrl, purge, projectId, endpoint } = options;
    this.#options = options;
    this.#prefix = keyPrefix(prefix);
    this.name = `gs://${bucket}/${this.#prefix}`;
    this.details = {
      bucket,
      ...(projectId !== undefined && { projectId }),
      ...(endpoint !== undefined && { endpoint: new URL(endpoint).origin }),
    };
    if (publicUrl !== undefined) this.publicUrl = publicUrl;
    if (purge !== undefined) this.purge = purge;
  }

  async *list(): AsyncGenerator<TargetObject> {
    let pageToken = '';
    do {
      const query = {
        prefix: this.#prefix,
        maxResults: 1000,
        fields: `kind,nextPageToken,items(${LISTED_FIELDS})`,
        ...(pageToken !== '' && { pageToken }),
      };
      const { body } = await this.#try(({ ask }) => ask({ path: '/o', query }));
      const page = this.#listing(body);
      for (const item of page.items ?? []) {
        const key = (item.name ?? '').slice(this.#prefix.length);
        // Some tools keep an object for the folder itself.
        if (key !== '') yield targetObject(key, item);
      }
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
  }

  async inspect(key: string): Promise<ReturnType<typeof storedObject> | undefined> {
    const answer = await this.#find(({ ask }) => ask({ path: this.#path(key) }));
    return answer && storedObject(key, this.#resource(answer.body));
  }

  async read(key: string): Promise<{ bytes: Uint8Array; tag: string } | undefined> {
    const found = await this.#find(({ read }) => read(this.#prefix + key));
    if (found?.generation === '') throw this.#notGoogle();
    return found && { bytes: found.bytes, tag: found.generation };
  }

  async write(key: string, content: TargetContent, headers: TargetHeaders): Promise<Written> {
    const upload = { name: this.#prefix + key, content, headers, query: {} };
    if (content.size <= PART_BYTES) {
      const bytes = await content.bytes();
      const small = await this.#try((requests) => uploadAtOnce(requests, upload, bytes));
      return this.#written(key, content, small);
    }
    const requests = await this.#open();
    const resource = await uploadInParts(requests, upload, (ask) => tried(this.#attempts, ask));
    return this.#written(key, content, resource);
  }

  async writeIf(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined> {
    const query = { ifGenerationMatch: 'tag' in condition ? condition.tag : 0 };
    const upload = { name: this.#prefix + key, content, headers, query };
    const bytes = await content.bytes();
    let isTriedAgain = false;
    const resource = await this.#try((requests, before) => {
      isTriedAgain = before > 0;
      return conditional(uploadAtOnce(requests, upload, bytes));
    });
    if (resource !== undefined) return this.#written(key, content, resource);
    if (!isTriedAgain) return undefined;
    // The first try may have been carried out, and only its answer lost.
    const found = await this.inspect(key);
    return found?.md5 === content.md5 ? { tag: found.tag } : undefined;
  }

  async setHeaders({ key, tag }: TargetObject, headers: TargetHeaders): Promise<Written> {
    const request = {
      method: 'PATCH',
      path: this.#path(key),
      query: { ifGenerationMatch: tag },
      json: metadataOf(headers),
    } as const;
    const answer = await this.#try(({ ask }) => conditional(ask(request)));
    if (answer === undefined)
      throw new TargetError(
        'other',
        `Somebody else has just changed ${quote(this.name + key)}. Publish again.`,
      );
    this.#resource(answer.body);
    return { tag };
  }

  async delete(key: string): Promise<void> {
    const answer = await this.#find(({ ask }) => ask({ method: 'DELETE', path: this.#path(key) }));
    // 204; emulators may send 200 without a body.
    if ((answer?.body ?? '') !== '') throw this.#notGoogle();
  }

  /** What a request finds; `undefined` for an object that is not there. */
  #find<Found>(ask: (requests: BucketRequests) => Promise<Found>): Promise<Found | undefined> {
    return this.#try(async (requests) => {
      try {
        return await ask(requests);
      } catch (error) {
        if (statusOf(error) === 404 && !isMissingBucket(error)) return undefined;
        throw error;
      }
    });
  }

  async #try<Answer>(ask: (requests: BucketRequests, before: number) => Promise<Answer>): Promise<Answer> {
    const requests = await this.#open();
    return tried(this.#attempts, (before) => ask(requests, before));
  }

  #open(): Promise<BucketRequests> {
    this.#opened ??= openBucket(this.#options);
    return this.#opened;
  }

  get #attempts(): Parameters<typeof tried>[0] {
    const { attempts, bucket, endpoint } = this.#options;
    const url = endpoint ?? process.env['STORAGE_EMULATOR_HOST'] ?? 'https://storage.googleapis.com';
    const host = URL.canParse(url) ? new URL(url).host : url;
    return { attempts, explain: (error) => gcsFailure(error, this.name, bucket, host) };
  }

  #path(key: string): string {
    return `/o/${encodeURIComponent(this.#prefix + key)}`;
  }

  /** A page of a listing; never one of nothing where something else answered, or all would seem to be gone. */
  #listing(body: unknown): { readonly items?: readonly ObjectResource[]; readonly nextPageToken?: string } {
    const { kind }: { readonly kind?: unknown } = Object(body);
    if (typeof kind === 'string') return Object(body);
    throw this.#notGoogle();
  }

  /** What an answer tells of an object. */
  #resource(body: unknown): ObjectResource {
    const resource: ObjectResource = Object(body);
    if (resource.generation === undefined) throw this.#notGoogle();
    return resource;
  }

  #notGoogle(): TargetError {
    return new TargetError(
      'network',
      `What answers for ${this.name} is not Google Cloud Storage. Check the address, and what stands between it and this computer.`,
    );
  }

  #written(key: string, content: TargetContent, resource: ObjectResource): Written {
    const { tag, md5 } = targetObject(key, this.#resource(resource));
    if (md5 === content.md5) return { tag };
    throw new TargetError(
      'integrity',
      `What arrived as ${quote(this.name + key)} is not what was sent. Publish again; if it happens again, check what stands between.`,
    );
  }
}

/** `undefined` when a precondition does not hold. */
async function conditional<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 412) return undefined;
    throw error;
  }
}
