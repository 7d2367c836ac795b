import { inCode, PATH, STRING } from '../../../core/option-kinds.ts';
import type { Resolved, Table } from '../../../core/options.ts';
import { isPlainObject } from '../../../core/text.ts';
import { BUCKET_OPTIONS, withheld, type BucketOptions } from '../common-options.ts';

/** A service account, as its key file names it. */
export interface GcsCredentials {
  readonly client_email: string;
  readonly private_key: string;
}

/** Which bucket of Google Cloud Storage a site is published to, and by whom. */
export interface GcsTargetOptions extends BucketOptions {
  /** Its name, without `gs://`. */
  readonly bucket: string;
  /**
   * The project that requests are counted for.
   *
   * @defaultValue as the SDK finds it
   */
  readonly projectId?: string;
  /**
   * The key file of a service account.
   *
   * @defaultValue credentials as the SDK finds them: `GOOGLE_APPLICATION_CREDENTIALS`, `gcloud`, or the machine's own account
   */
  readonly keyFilename?: string | URL;
  /**
   * The service account itself. Take its key from the environment, never from a file of the repository.
   *
   * @defaultValue credentials as the SDK finds them
   */
  readonly credentials?: GcsCredentials;
  /**
   * The URL of an emulator, which is asked without credentials.
   *
   * @defaultValue `STORAGE_EMULATOR_HOST`, else Google's
   */
  readonly endpoint?: string;
}

type Open = 'projectId' | 'keyFilename' | 'credentials' | 'endpoint' | 'publicUrl' | 'purge';

/** {@link GcsTargetOptions} with everything decided. */
export type ResolvedGcsTarget = Resolved<GcsTargetOptions, Open>;

export const GCS_TARGET_OPTIONS: Table<GcsTargetOptions, Open> = {
  bucket: {
    ...inCode('the name of a bucket, without "gs://"', isBucketName),
    required: true,
    help: 'Its name, without `gs://`.',
  },
  projectId: {
    ...STRING,
    defaultText: 'as the SDK finds it',
    help: 'The project that requests are counted for.',
  },
  keyFilename: {
    ...PATH,
    defaultText:
      "credentials as the SDK finds them: `GOOGLE_APPLICATION_CREDENTIALS`, `gcloud`, or the machine's own account",
    help: 'The key file of a service account.',
  },
  credentials: {
    ...inCode('{ client_email, private_key } of a service account', isServiceAccount),
    defaultText: 'credentials as the SDK finds them',
    help: 'The service account itself.',
  },
  endpoint: {
    ...withheld('an absolute "http:" or "https:" URL', isEndpoint),
    defaultText: "`STORAGE_EMULATOR_HOST`, else Google's",
    help: 'The URL of an emulator, which is asked without credentials.',
  },
  ...BUCKET_OPTIONS,
};

/** @see https://cloud.google.com/storage/docs/buckets#naming */
function isBucketName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(value);
}

function isServiceAccount(value: unknown): boolean {
  return isPlainObject(value) && STRING.check(value['client_email']) && STRING.check(value['private_key']);
}

function isEndpoint(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
