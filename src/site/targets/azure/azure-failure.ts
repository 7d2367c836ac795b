import { quote } from '../../../core/text.ts';
import { failure, type Failure } from '../attempts.ts';
import { networkFailure } from '../network-failure.ts';
import { TargetError } from '../target-error.ts';
import type { Account } from './account.ts';

/** What an error of the SDK tells. */
interface AzureErrorShape {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

const ROLE = 'the role "Storage Blob Data Contributor" on the container';

/**
 * Explains an error of the SDK. Nothing of it is passed on but what is known to hold no secret: the SDK's errors hold the request, with
 * its signature.
 *
 * @param name - of the target
 */
export function azureFailure(error: unknown, name: string, account: Account, container: string): Failure {
  if (error instanceof TargetError) return { error, passes: false };
  const { status, code, message, detail } = readError(error);
  // In the words of Azurite.
  if (code === 'AuthorizationFailure' && /failed to authenticate/i.test(message))
    return authenticationFailure(name, account, detail);
  if (status === 400 && /content-?md5/i.test(message)) return integrityFailure(name, code);
  const byCode = failureOfCode(code, name, account, container, detail);
  if (byCode !== undefined) return byCode;
  if (status === 429 || status === 408 || status >= 500)
    return failure(
      'busy',
      `Azure is too busy for ${name} (${status}${code === '' ? '' : ` ${code}`}). Try again in a while, with fewer uploads at a time (--parallel).`,
      true,
    );
  const network = networkFailure(error, name, account.host);
  if (network !== undefined) return network;
  if (status === 401 || isTokenProblem(error))
    return failure(
      'credentials',
      `Azure does not accept the credentials for ${name}. Sign in again, or give a key or token that is still valid.`,
    );
  if (status === 403)
    return failure(
      'access',
      `The credentials may not do this in ${name} (${code}). Give their account ${ROLE}.`,
    );
  // The SDK stumbles over what it cannot understand.
  const isConfused = error instanceof TypeError || error instanceof RangeError || code === 'PARSE_ERROR';
  if (isConfused || (status >= 200 && status < 300)) return { error: notAzure(account), passes: false };
  const answer = status === 0 ? '' : ` with status ${status} (${code})`;
  return failure('other', `${name} refused a request${answer}: ${shownMessage(message)}`);
}

/** Says that something else answers, such as a proxy that asks its user to sign in. */
export function notAzure({ host }: Account): TargetError {
  return new TargetError(
    'network',
    `What answers at ${quote(host)} is not Azure Blob Storage. Check the address, and what stands between it and this computer.`,
  );
}

/** @see https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
function failureOfCode(
  code: string,
  name: string,
  account: Account,
  container: string,
  detail: string,
): Failure | undefined {
  switch (code) {
    case 'AuthenticationFailed':
    case 'InvalidAuthenticationInfo':
      return authenticationFailure(name, account, detail);
    case 'NoAuthenticationInformation':
    case 'PublicAccessNotPermitted':
      return failure(
        'credentials',
        `There are no credentials for ${name}. Give azureTarget() a "connectionString", or with "url" a "credential", an "accountKey" or a SAS token.`,
      );
    case 'ContainerNotFound':
    case 'ContainerBeingDeleted':
    case 'ContainerDisabled':
      return failure(
        'bucket',
        container === '$web'
          ? `The account ${quote(account.name)} has no container "$web". Turn on its static website: az storage blob service-properties update --account-name ${account.name} --static-website`
          : `The account ${quote(account.name)} has no container ${quote(container)}. Check its name, or create it.`,
      );
    case 'ResourceNotFound':
      return failure(
        'bucket',
        `There is no ${name}, or not for these credentials. Check the account, the container and the credentials.`,
      );
    case 'AccountIsDisabled':
    case 'AccountBeingCreated':
      return failure(
        'access',
        `The storage account ${quote(account.name)} is disabled (${code}). Enable it in the Azure portal; its subscription may have ended.`,
      );
    case 'KeyBasedAuthenticationNotPermitted':
      return failure(
        'access',
        `The storage account ${quote(account.name)} allows no keys. Give azureTarget() "url" and a "credential" of "@azure/identity".`,
      );
    case 'AuthorizationFailure':
    case 'AuthorizationSourceIPMismatch':
    case 'IpAuthorizationSourceMismatch':
      return failure(
        'access',
        `The storage account ${quote(account.name)} refuses this computer or these credentials (${code}). Check its network rules, and the SAS token or key.`,
      );
    case 'AuthorizationPermissionMismatch':
    case 'InsufficientAccountPermissions':
    case 'AuthorizationServiceMismatch':
    case 'AuthorizationResourceTypeMismatch':
    case 'AuthorizationProtocolMismatch':
      return failure(
        'access',
        `The credentials may not do this in ${name} (${code}). Give their account ${ROLE}, or the SAS token the permissions to read, write, create, delete and list.`,
      );
    case 'Md5Mismatch':
    case 'Crc64Mismatch':
    case 'InvalidMd5':
      return integrityFailure(name, code);
    case 'AccountLimitExceeded':
    case 'AccountQuotaExceeded':
      return failure(
        'full',
        `The storage account ${quote(account.name)} is full (${code}). Delete something.`,
      );
    case 'BlobImmutableDueToPolicy':
    case 'LeaseIdMissing':
    case 'UnauthorizedBlobOverwrite':
      return failure(
        'access',
        `A blob of ${name} must not be changed (${code}). End its lease, or the policy that keeps it.`,
      );
    default:
      return undefined;
  }
}

function integrityFailure(name: string, code: string): Failure {
  return failure(
    'integrity',
    `What arrived at ${name} is not what was sent (${code}). Try again; if it happens again, check the network's proxies.`,
  );
}

function authenticationFailure(name: string, account: Account, detail: string): Failure {
  if (/date header|too old|Issued In The Future/i.test(detail))
    return failure(
      'clock',
      `This computer's clock is wrong by more than ${name} accepts. Set it, and try again.`,
    );
  if (/time frame|expir/i.test(detail))
    return failure(
      'credentials',
      `The SAS token for ${name} does not hold now: it has expired, or begins later. Make another; check this computer's clock, too.`,
    );
  return failure(
    'credentials',
    `Azure does not accept the credentials for ${name}. Check that the key or token belongs to the account ${quote(account.name)}, and that its key was not renewed.`,
  );
}

/** The status that the target answered an error with, its code, and what it says of a signature. */
export function readError(error: unknown): {
  /** 0 without an answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly detail: string;
} {
  const { statusCode, code, message, details }: AzureErrorShape = Object(error);
  const { errorCode, authenticationErrorDetail }: Readonly<Record<string, unknown>> = Object(details);
  const known = [errorCode, code].find((each) => typeof each === 'string');
  return {
    status: typeof statusCode === 'number' ? statusCode : 0,
    code: typeof known === 'string' ? known : '',
    message: String(message),
    detail: `${typeof authenticationErrorDetail === 'string' ? authenticationErrorDetail : ''} ${String(message)}`,
  };
}

/** Of `@azure/identity`, which a user's own credential may come from. */
function isTokenProblem(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:CredentialUnavailable|Authentication(?:Required)?|AggregateAuthentication)Error$/.test(error.name)
  );
}

/** Whether a condition of a write did not hold. */
export function isConditionNotMet(error: unknown): boolean {
  const { status, code } = readError(error);
  return (
    (status === 412 && (code === 'ConditionNotMet' || code === 'TargetConditionNotMet')) ||
    (status === 409 && code === 'BlobAlreadyExists')
  );
}

/** What may be shown of a message that we do not know: its first line, without the queries of URLs. */
function shownMessage(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  return quote(line.replaceAll(/\?[^\s"']*/g, '').slice(0, 300));
}
