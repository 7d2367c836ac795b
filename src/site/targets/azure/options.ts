import { inCode, STRING } from '../../../core/option-kinds.ts';
import type { Resolved, Table } from '../../../core/options.ts';
import { BUCKET_OPTIONS, withheld, type BucketOptions } from '../common-options.ts';

/** What signs in: one of the credentials of `@azure/identity`. */
export interface AzureCredential {
  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** Which container of Azure Blob Storage a site is published to, and by whom. Give `connectionString` or `url`. */
export interface AzureTargetOptions extends BucketOptions {
  /**
   * That of the storage account. Take it from the environment, never from a file of the repository.
   *
   * @defaultValue none: `url` is given
   */
  readonly connectionString?: string;
  /**
   * The blob service of the account: `https://ACCOUNT.blob.core.windows.net`, with a SAS token behind it or without.
   *
   * @defaultValue none: `connectionString` is given
   */
  readonly url?: string;
  /**
   * The container. `$web` is that of a static website.
   *
   * @defaultValue `'$web'`
   */
  readonly container?: string;
  /**
   * Signs in at `url`, such as a `DefaultAzureCredential` of `@azure/identity`.
   *
   * @defaultValue none
   */
  readonly credential?: AzureCredential;
  /**
   * A key of the account at `url`. Take it from the environment.
   *
   * @defaultValue none
   */
  readonly accountKey?: string;
}

type Open = 'connectionString' | 'url' | 'credential' | 'accountKey' | 'publicUrl' | 'purge';

/** {@link AzureTargetOptions} with everything decided. */
export type ResolvedAzureTarget = Resolved<AzureTargetOptions, Open>;

export const AZURE_TARGET_OPTIONS: Table<AzureTargetOptions, Open> = {
  connectionString: {
    ...withheld<string>('a connection string: "AccountName=…;AccountKey=…"', isConnectionString),
    defaultText: 'none: `url` is given',
    help: 'That of the storage account.',
  },
  url: {
    ...withheld<string>(
      'the URL of the blob service, without a container: "https://ACCOUNT.blob.core.windows.net"',
      isAccountUrl,
    ),
    defaultText: 'none: `connectionString` is given',
    help: 'The blob service of the account: `https://ACCOUNT.blob.core.windows.net`, with a SAS token behind it or without.',
  },
  container: {
    ...inCode<string>('the name of a container', isContainerName),
    default: '$web',
    help: 'The container.',
  },
  credential: {
    ...inCode<AzureCredential>(
      'a credential of "@azure/identity"',
      (value) => typeof Object(value).getToken === 'function',
    ),
    defaultText: 'none',
    help: 'Signs in at `url`, such as a `DefaultAzureCredential` of `@azure/identity`.',
  },
  accountKey: {
    ...withheld<string>('a key of the account, in base64', isKey),
    defaultText: 'none',
    help: 'A key of the account at `url`.',
  },
  ...BUCKET_OPTIONS,
};

function isConnectionString(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    (/^UseDevelopmentStorage=true/i.test(value) ||
      (/(?:^|;)\s*(?:AccountName|BlobEndpoint)=/i.test(value) &&
        /(?:^|;)\s*(?:AccountKey|SharedAccessSignature)=./i.test(value)))
  );
}

function isAccountUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, pathname, hostname, username } = new URL(value);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  // An emulator has the account in the path.
  const most = /^[\d.]+$|^\[|^localhost$/.test(hostname) ? 1 : 0;
  return /^https?:$/.test(protocol) && username === '' && segments.length <= most;
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
function isContainerName(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\$web|\$root|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)$/.test(value);
}

function isKey(value: unknown): boolean {
  return STRING.check(value) && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
}
