import { BOOLEAN, inCode, STRING } from '../../../core/option-kinds.ts';
import type { Resolved, Table } from '../../../core/options.ts';
import { isPlainObject } from '../../../core/text.ts';
import { BUCKET_OPTIONS, withheld, type BucketOptions } from '../common-options.ts';

/** An access key of S3. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that end by themselves. */
  readonly sessionToken?: string;
}

/** Which bucket a site is published to, and by whom: on AWS, or on whatever speaks the protocol of S3. */
export interface S3TargetOptions extends BucketOptions {
  /** Its name, without `s3://`. */
  readonly bucket: string;
  /**
   * The URL of a service other than AWS, such as Cloudflare R2, Backblaze B2, MinIO or Ceph.
   *
   * @defaultValue `AWS_ENDPOINT_URL_S3`, else that of AWS
   */
  readonly endpoint?: string;
  /**
   * The region of the bucket.
   *
   * @defaultValue as the SDK finds it: `AWS_REGION`, the profile; with an endpoint else `'us-east-1'`
   */
  readonly region?: string;
  /**
   * The access key. Take it from the environment, never from a file of the repository.
   *
   * @defaultValue as the SDK finds it: `AWS_ACCESS_KEY_ID`, the profile, single sign-on, the role of the machine
   */
  readonly credentials?: S3Credentials;
  /**
   * The canned ACL of each object, such as `'public-read'`, for buckets that still have ACLs.
   *
   * @defaultValue none: the policy of the bucket decides
   */
  readonly acl?: string;
  /**
   * Whether the bucket stands in the path of URLs rather than in their host.
   *
   * @defaultValue `true` with an endpoint
   */
  readonly forcePathStyle?: boolean;
  /**
   * Whether redirects of the site are told to the service, whose websites then answer with 301. Off for services that refuse
   * `x-amz-website-redirect-location`, such as Cloudflare R2: there a redirect is a page that leads on.
   *
   * @defaultValue `true`
   */
  readonly redirects?: boolean;
}

type Open = 'endpoint' | 'region' | 'credentials' | 'acl' | 'forcePathStyle' | 'publicUrl' | 'purge';

/** {@link S3TargetOptions} with everything decided. */
export type ResolvedS3Target = Resolved<S3TargetOptions, Open>;

export const S3_TARGET_OPTIONS: Table<S3TargetOptions, Open> = {
  bucket: {
    ...inCode('the name of a bucket, without "s3://" and slashes', isBucketName),
    required: true,
    help: 'Its name, without `s3://`.',
  },
  endpoint: {
    ...withheld('an absolute "http:" or "https:" URL without a password, a path and a query', isEndpoint),
    defaultText: '`AWS_ENDPOINT_URL_S3`, else that of AWS',
    help: 'The URL of a service other than AWS, such as Cloudflare R2, Backblaze B2, MinIO or Ceph.',
  },
  region: {
    ...STRING,
    defaultText: "as the SDK finds it: `AWS_REGION`, the profile; with an endpoint else `'us-east-1'`",
    help: 'The region of the bucket.',
  },
  credentials: {
    ...withheld(
      '{ accessKeyId, secretAccessKey } and, where there is one, sessionToken, all strings that are not empty',
      isAccessKey,
    ),
    defaultText:
      'as the SDK finds it: `AWS_ACCESS_KEY_ID`, the profile, single sign-on, the role of the machine',
    help: 'The access key.',
  },
  acl: {
    ...STRING,
    defaultText: 'none: the policy of the bucket decides',
    help: "The canned ACL of each object, such as `'public-read'`, for buckets that still have ACLs.",
  },
  forcePathStyle: {
    ...BOOLEAN,
    defaultText: '`true` with an endpoint',
    help: 'Whether the bucket stands in the path of URLs rather than in their host.',
  },
  redirects: {
    ...BOOLEAN,
    default: true,
    help: 'Whether redirects of the site are told to the service, whose websites then answer with 301.',
  },
  ...BUCKET_OPTIONS,
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, and what older buckets and other services allow */
function isBucketName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(value);
}

function isAccessKey(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { accessKeyId, secretAccessKey, sessionToken } = value;
  const isSession = sessionToken === undefined || STRING.check(sessionToken);
  return STRING.check(accessKeyId) && STRING.check(secretAccessKey) && isSession;
}

function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, pathname, search } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && pathname === '/' && search === '';
}
