import { BlobServiceClient } from '@azure/storage-blob';
import { startBucketServer, type ServerContext } from './bucket-server.ts';

/** The account that every Azurite has, as Microsoft documents it. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** A running Azurite. */
export interface Azurite {
  /** Of its blob service, with the account. */
  readonly url: string;
  readonly accountKey: string;
  readonly connectionString: string;
  /** To make containers, and to do what other tools do. */
  readonly service: BlobServiceClient;
}

/** Starts Azurite, Microsoft's own emulator of Azure Blob Storage, with its data in memory. */
export async function startAzurite(t: ServerContext): Promise<Azurite> {
  const port = await startBucketServer(t, {
    folder: 'azurite',
    script: 'node_modules/azurite/dist/src/blob/main.js',
    parameters: (free) => [
      '--blobHost=127.0.0.1',
      `--blobPort=${free}`,
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      // It knows fewer versions of the protocol than the SDK.
      '--skipApiVersionCheck',
    ],
    ready: /successfully listens/,
  });
  const url = `http://127.0.0.1:${port}/${ACCOUNT}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${url};`;
  const service = BlobServiceClient.fromConnectionString(connectionString);
  return { url, accountKey: KEY, connectionString, service };
}
