import type { ContainerClient } from '@azure/storage-blob';
import { loadSdk } from '../sdk.ts';
import type { Account } from './account.ts';
import type { ResolvedAzureTarget } from './options.ts';

/** Without a byte for so long, a connection is given up. */
const SILENCE_MILLISECONDS = 60_000;

/** Opens a container with the SDK. Its own retries are off: they know neither 429 nor all kinds of broken connections. */
export async function openContainer(
  options: ResolvedAzureTarget,
  account: Account,
): Promise<ContainerClient> {
  const sdk = await loadSdk('azureTarget()', '@azure/storage-blob', () => import('@azure/storage-blob'));
  const { connectionString, url = '', container, credential, accountKey } = options;
  const settings = { retryOptions: { maxTries: 1 } };
  const service =
    connectionString === undefined
      ? new sdk.BlobServiceClient(
          url,
          accountKey === undefined
            ? credential
            : new sdk.StorageSharedKeyCredential(account.name, accountKey),
          settings,
        )
      : sdk.BlobServiceClient.fromConnectionString(connectionString, settings);
  return service.getContainerClient(container);
}

/** What a request is told, so that it ends when nothing moves any more. */
export interface Watch {
  readonly abortSignal: AbortSignal;
  /** To be called as bytes go or come. */
  readonly onProgress: () => void;
}

/** Asks, and gives up once nothing has moved for a while. */
export async function watched<Answer>(
  ask: (watch: Watch) => Promise<Answer>,
  silenceMilliseconds: number = SILENCE_MILLISECONDS,
): Promise<Answer> {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
  }, silenceMilliseconds);
  try {
    return await ask({ abortSignal: abort.signal, onProgress: () => timer.refresh() });
  } finally {
    clearTimeout(timer);
  }
}
