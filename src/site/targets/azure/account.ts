import type { ResolvedAzureTarget } from './options.ts';

/** A storage account, without secrets. */
export interface Account {
  readonly name: string;
  /** Of its blob service. */
  readonly host: string;
}

/**
 * Which storage account options name.
 *
 * @throws TypeError for options that do not go together
 */
export function accountOf(options: ResolvedAzureTarget): Account {
  const { connectionString, url, credential, accountKey } = options;
  if ((connectionString === undefined) === (url === undefined))
    throw new TypeError(
      'azureTarget() needs the option "connectionString" or the option "url", one of them.',
    );
  if (connectionString !== undefined) {
    if (credential !== undefined || accountKey !== undefined)
      throw new TypeError('azureTarget() takes "credential" and "accountKey" with the option "url" alone.');
    return accountOfConnection(connectionString);
  }
  const { search } = new URL(url ?? '');
  if ([credential !== undefined, accountKey !== undefined, search !== ''].filter(Boolean).length > 1)
    throw new TypeError(
      'azureTarget() signs in by "credential", by "accountKey" or by a SAS token in "url": give one of them.',
    );
  return accountOfUrl(url ?? '');
}

function accountOfConnection(connectionString: string): Account {
  if (/^UseDevelopmentStorage=true/i.test(connectionString))
    return { name: 'devstoreaccount1', host: '127.0.0.1:10000' };
  const settings = new Map(
    connectionString.split(';').map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()];
    }),
  );
  const endpoint = settings.get('blobendpoint') ?? '';
  const known = URL.canParse(endpoint) ? accountOfUrl(endpoint) : undefined;
  const name = settings.get('accountname') ?? known?.name ?? '';
  const suffix = settings.get('endpointsuffix') ?? 'core.windows.net';
  return { name, host: known?.host ?? `${name}.blob.${suffix}` };
}

/** The account is the first label of the host; of an emulator, the first segment of the path. */
function accountOfUrl(url: string): Account {
  const { hostname, host, pathname } = new URL(url);
  const [, segment = ''] = pathname.split('/');
  const [label = ''] = hostname.split('.');
  return { name: segment === '' ? label : segment, host };
}
