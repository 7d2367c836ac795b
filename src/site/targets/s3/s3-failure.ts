import { StaticUrlError } from '../../../core/errors.ts';
import { quote } from '../../../core/text.ts';
import { failure, type Failure } from '../attempts.ts';
import { networkFailure } from '../network-failure.ts';
import { TargetError } from '../target-error.ts';
import { ForeignAnswer } from './genuine-answer.ts';

/** What messages about a bucket name. */
export interface S3Place {
  /** The target's. */
  readonly name: string;
  readonly bucket: string;
  /** Of the service. */
  readonly host: string;
}

const PERMISSIONS =
  's3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject on its objects; for large files s3:ListBucketMultipartUploads and s3:AbortMultipartUpload too';

/** What the service answered an error with. */
export interface S3Answer {
  /** 0 without an answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Reads an error of the SDK. */
export function readError(error: unknown): S3Answer {
  const { name, Code, message, $metadata }: Readonly<Record<string, unknown>> = Object(error);
  const { httpStatusCode }: { readonly httpStatusCode?: unknown } = Object($metadata);
  return {
    status: typeof httpStatusCode === 'number' ? httpStatusCode : 0,
    code: typeof Code === 'string' ? Code : String(name),
    message: String(message),
  };
}

/** Whether a write was refused because its condition does not hold. */
export function isConditionNotMet(error: unknown): boolean {
  const { status, code } = readError(error);
  if (status === 412) return true;
  if (status === 409) return code === 'ConditionalRequestConflict';
  // With If-Match, where nothing is.
  return status === 404 && code !== 'NoSuchBucket';
}

/**
 * Explains an error of the SDK. Nothing of it is passed on but what is known to hold no secret: the SDK's errors hold the request, with
 * its signature.
 */
export function s3Failure(error: unknown, place: S3Place): Failure {
  if (error instanceof TargetError) return { error, passes: false };
  if (error instanceof StaticUrlError) throw error;
  const answer = readError(error);
  return (
    failureOfCode(answer, error, place) ??
    failureOfStatus(answer, error, place) ??
    failure(
      'other',
      `${place.name} refused a request with status ${answer.status} (${quote(answer.code)}): ${shown(answer.message)}`,
    )
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function failureOfCode(
  { code, status, message }: S3Answer,
  error: unknown,
  { name, bucket, host }: S3Place,
): Failure | undefined {
  switch (code) {
    case 'NoSuchBucket':
      return failure(
        'bucket',
        `There is no bucket ${quote(bucket)} at ${quote(host)}. Check its name, or create it.`,
      );
    case 'NoSuchUpload':
      return failure(
        'other',
        `An upload in parts to ${name} was ended by something else: another publish, or a rule of the bucket. Publish again.`,
      );
    case 'InvalidBucketName':
      return failure('bucket', `${quote(bucket)} is no name that ${quote(host)} allows for a bucket.`);
    case 'InvalidAccessKeyId':
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
      return failure(
        'credentials',
        `${quote(host)} does not know the access key for ${name}. Check AWS_ACCESS_KEY_ID or "credentials", and that the key was not deleted.`,
      );
    case 'SignatureDoesNotMatch':
      return failure(
        'credentials',
        `The secret for ${name} is not that of its access key. Check AWS_SECRET_ACCESS_KEY or "credentials": nothing may be missing at its end.`,
      );
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
    case 'InvalidToken':
      return failure('credentials', `The credentials for ${name} have expired. Sign in again.`);
    case 'CredentialsProviderError':
    case 'TokenProviderError':
    case 'AuthorizationHeaderMissing':
      return failure(
        'credentials',
        `There are no credentials for ${name}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with the command line of AWS, or give s3Target() "credentials".`,
      );
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return failure(
        'clock',
        `This computer's clock is wrong: ${name} takes no request that is 15 minutes off${skewOf(error)}. Set the clock, and try again.`,
      );
    case 'AccessDenied':
    case 'AllAccessDisabled':
    case 'AccountProblem':
      return failure(
        'access',
        `The credentials may not do this in ${name} (${code}). They need ${PERMISSIONS}.`,
      );
    case 'AccessControlListNotSupported':
      return failure(
        'access',
        `${name} has no ACLs. Leave out the option "acl", and make the bucket public by its policy, or let a CDN read it.`,
      );
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
    case 'IncorrectEndpoint':
      return regionFailure(error, message, name, bucket);
    case 'BadDigest':
    case 'InvalidDigest':
    case 'XAmzContentSHA256Mismatch':
    case 'IncompleteBody':
      return failure(
        'integrity',
        `What arrived at ${name} is not what was sent (${code}): the file changed while it was uploaded, or something between changes bytes. Publish again.`,
      );
    case 'QuotaExceeded':
    case 'XMinioStorageFull':
    case 'InsufficientStorage':
      return failure('full', `${name} is full (${code}). Delete something, or raise its quota.`);
    case 'NotImplemented':
      return failure(
        'other',
        `${quote(host)} does not know a request that ${name} needs (${shown(message)}). ${/redirect/i.test(message) ? 'Give s3Target() "redirects: false": then redirects are pages that lead on' : 'If it has no conditional writes, publish with --no-lock; if it has no redirects, give s3Target() "redirects: false"'}.`,
      );
    case 'PreconditionFailed':
      return failure('other', `Somebody else has just changed an object in ${name}. Publish again.`);
    case 'EntityTooLarge':
      return failure('other', `A file is larger than ${name} takes.`);
    case 'NoSuchKey':
    case 'NotFound':
      return status === 404
        ? failure('bucket', `There is nothing at ${name}, or no such bucket. Check its name.`)
        : undefined;
    default:
      return undefined;
  }
}

function failureOfStatus(
  { code, status }: S3Answer,
  error: unknown,
  { name, bucket, host }: S3Place,
): Failure | undefined {
  if (status === 301 || status === 307) return regionFailure(error, '', name, bucket);
  if (status === 429 || status === 408 || status >= 500 || isBusy(code))
    return failure(
      'busy',
      `${quote(host)} is too busy for ${name} (${status}${code === '' || /^\d+$/.test(code) ? '' : ` ${code}`}). Try again in a while, with fewer uploads at a time (--parallel).`,
      true,
    );
  const network = networkFailure(error, name, host);
  if (network !== undefined) return network;
  if (isForeign(error, code))
    return failure(
      'network',
      `What answers at ${quote(host)} is not S3: something between may answer in its place. Check "endpoint", which is not the address of a website, and what stands between it and this computer.`,
    );
  if (/region is missing/i.test(String(Object(error).message)))
    return failure(
      'region',
      `The region of ${name} is not known. Set AWS_REGION, or give s3Target() "region".`,
    );
  if (status === 403)
    return failure(
      'access',
      `${name} refuses these credentials. They need ${PERMISSIONS}; a wrong region or key can look like this too.`,
    );
  if (status === 404)
    return failure(
      'bucket',
      `There is no bucket ${quote(bucket)} at ${quote(host)}. Check its name, or create it.`,
    );
  return undefined;
}

function isBusy(code: string): boolean {
  return /^(?:SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|ServiceUnavailable|InternalError|RequestTimeout|OperationAborted)$/.test(
    code,
  );
}

/** An answer that is no XML of S3, such as a page of a proxy or a website. */
function isForeign(error: unknown, code: string): boolean {
  return (
    error instanceof ForeignAnswer ||
    code === 'SyntaxError' ||
    /deserializ|not well-formed|Unexpected|XML/i.test(String(Object(error).message))
  );
}

function regionFailure(error: unknown, message: string, name: string, bucket: string): Failure {
  const { Region, $response }: Readonly<Record<string, unknown>> = Object(error);
  const { headers }: { readonly headers?: Readonly<Record<string, unknown>> } = Object($response);
  const [, expected] = /expecting '([\w-]+)'/.exec(message) ?? [];
  const region = [Region, headers?.['x-amz-bucket-region'], expected].find(
    (each) => typeof each === 'string',
  );
  return failure(
    'region',
    typeof region === 'string'
      ? `The bucket ${quote(bucket)} is in the region ${quote(region)}. Give s3Target() region: ${quote(region)}, or set AWS_REGION.`
      : `${name} is in another region than the one that was asked. Give s3Target() "region", or set AWS_REGION.`,
  );
}

/** How far the clock is off, where the answer tells. */
function skewOf(error: unknown): string {
  const { ServerTime }: { readonly ServerTime?: unknown } = Object(error);
  const server = typeof ServerTime === 'string' ? Date.parse(ServerTime) : Number.NaN;
  if (Number.isNaN(server)) return '';
  return `, and it is off by ${Math.round(Math.abs(Date.now() - server) / 60_000)} minutes`;
}

/** What may be shown of a message that we do not know: its first line, without the queries of URLs. */
function shown(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  return quote(line.replaceAll(/\?[^\s"']*/g, '').slice(0, 300));
}
