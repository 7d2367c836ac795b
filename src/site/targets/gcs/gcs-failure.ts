import { quote } from '../../../core/text.ts';
import { failure, type Failure } from '../attempts.ts';
import { networkFailure } from '../network-failure.ts';
import { TargetError, type TargetFailureReason } from '../target-error.ts';

/** What an error of the SDK has, each where it applies. */
interface GcsErrorShape {
  /** Of the JSON API an HTTP status, of the system and of OpenSSL a word. */
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
  /** The answer, where there was one. */
  readonly response?: { readonly status?: unknown; readonly data?: unknown };
}

const ROLE = 'the role "Storage Object Admin" (roles/storage.objectAdmin) on the bucket';

/**
 * Explains an error of the SDK. Nothing of it is passed on but what is known to hold no secret: the SDK's errors hold the whole request,
 * with its token.
 *
 * @param name - of the target
 */
export function gcsFailure(error: unknown, name: string, bucket: string, host: string): Failure {
  if (error instanceof TargetError) return { error, passes: false };
  const { status, reason, message } = readError(error);
  const credentials = credentialsProblem(error, message, reason);
  if (credentials !== undefined) return failure(credentials.kind, credentials.text(name));
  if (isMissingBucket(error))
    return failure(
      'bucket',
      `There is no bucket ${quote(bucket)}. Check its name, or create it: gcloud storage buckets create gs://${bucket}`,
    );
  if (status === 401) {
    return failure(
      'credentials',
      message.startsWith('Anonymous caller')
        ? NO_CREDENTIALS(name)
        : `Google does not accept the credentials for ${name}. Sign in again, or give a key that is still valid.`,
    );
  }
  if (
    status === 429 ||
    status === 408 ||
    (status >= 500 && status < 600) ||
    /RateLimitExceeded$/i.test(reason)
  )
    return failure(
      'busy',
      `Google is too busy for ${name} (${status}${reason === '' ? '' : ` ${reason}`}). Try again in a while, with fewer uploads at a time (--parallel).`,
      true,
    );
  if (/quotaExceeded|storageQuota/i.test(reason))
    return failure(
      'full',
      `A quota of the project of ${name} is used up (${reason}). Raise it, or delete something.`,
    );
  if (/disabled|billing|delinquent|suspended/i.test(`${reason} ${message}`) && status === 403)
    return failure(
      'access',
      `The account or the billing of the project of ${name} is disabled (${reason}). Enable it in the Google Cloud console.`,
    );
  if (status === 403) {
    const permission = /storage\.\w+\.\w+/.exec(message)?.[0];
    const missing = permission === undefined ? '' : ` ("${permission}" is missing)`;
    return failure(
      'access',
      `The credentials may not do this in ${name}${missing}. Give their account ${ROLE}.`,
    );
  }
  if (status === 400 && /MD5|CRC32C|checksum/i.test(message))
    return failure(
      'integrity',
      `What arrived at ${name} is not what was sent. Try again; if it happens again, check the network's proxies.`,
    );
  const network = networkFailure(error, name, host);
  if (network !== undefined) return network;
  return failure(
    'other',
    `${name} refused a request${status > 0 ? ` with status ${status}` : ''}${/^\w+$/.test(reason) ? ` (${reason})` : ''}: ${shownMessage(message)}`,
  );
}

const NO_CREDENTIALS = (name: string): string =>
  `There are no credentials for ${name}. Sign in with "gcloud auth application-default login", name a key file in GOOGLE_APPLICATION_CREDENTIALS, or give gcsTarget() "keyFilename" or "credentials".`;

/** What is wrong with credentials, before or while they are turned into a token. */
function credentialsProblem(
  error: unknown,
  message: string,
  reason: string,
): { readonly kind: TargetFailureReason; text(name: string): string } | undefined {
  if (message.includes('Could not load the default credentials'))
    return { kind: 'credentials', text: NO_CREDENTIALS };
  const { code }: { readonly code?: unknown } = Object(error);
  if (typeof code === 'string' && code.startsWith('ERR_OSSL'))
    return {
      kind: 'credentials',
      text: (name) =>
        `The private key for ${name} cannot be read. Give it as it stands in the key file, with its line breaks.`,
    };
  if (code === 'ENOENT' || code === 'EACCES' || error instanceof SyntaxError)
    return {
      kind: 'credentials',
      text: (name) =>
        `The key file for ${name} cannot be read${typeof code === 'string' ? ` (${code})` : ': it is no JSON'}. Check "keyFilename" and GOOGLE_APPLICATION_CREDENTIALS.`,
    };
  if (!/^invalid_(?:grant|client)$|^unauthorized_client$|^access_denied$/.test(reason)) return undefined;
  if (/iat|exp|reasonable timeframe|short-lived/i.test(message))
    return {
      kind: 'clock',
      text: (name) => `This computer's clock is wrong by more than ${name} accepts. Set it, and try again.`,
    };
  return {
    kind: 'credentials',
    text: (name) =>
      `Google does not accept the credentials for ${name} (${reason}). Check that the account and its key still exist, or sign in again.`,
  };
}

/** Whether an object's bucket is not there, rather than the object. */
export function isMissingBucket(error: unknown): boolean {
  const { status, message } = readError(error);
  return status === 404 && /bucket does not exist/i.test(message);
}

/** The status that the target answered an error with, and its reason in a word. */
function readError(error: unknown): {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
} {
  const { code, message, errors, response }: GcsErrorShape = { ...Object(error), ...answeredError(error) };
  const status = [code, response?.status].map(Number).find(Number.isInteger) ?? 0;
  // The servers of tokens word their errors as OAuth does.
  const oauth: { readonly error?: unknown; readonly error_description?: unknown } = Object(response?.data);
  if (typeof oauth.error === 'string')
    return { status, reason: oauth.error, message: String(oauth.error_description) };
  const first: { readonly reason?: unknown } = Object(Array.isArray(errors) ? errors[0] : undefined);
  return {
    status,
    reason: typeof first.reason === 'string' ? first.reason : '',
    message: String(message),
  };
}

/** What an answer says that the SDK did not understand, since bytes were expected. */
function answeredError(error: unknown): GcsErrorShape {
  const { message }: { readonly message?: unknown } = Object(error);
  if (typeof message !== 'string' || !message.startsWith('{')) return { message };
  try {
    const { error: answered }: { readonly error?: GcsErrorShape } = JSON.parse(message);
    return answered ?? { message };
  } catch {
    return { message };
  }
}

/** The status of the answer that became an error; 0 without an answer. */
export function statusOf(error: unknown): number {
  return readError(error).status;
}

/** What may be shown of a message that we do not know: its first line, without the queries of URLs. */
function shownMessage(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  return quote(line.replaceAll(/\?[^\s"']*/g, '').slice(0, 300));
}
