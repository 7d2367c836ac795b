import type { S3Client } from '@aws-sdk/client-s3';
import { loadSdk } from '../sdk.ts';
import { refuseForeignAnswers } from './genuine-answer.ts';
import type { ResolvedS3Target } from './options.ts';

/** The package of the SDK. */
type S3Sdk = typeof import('@aws-sdk/client-s3');

/** The SDK, and a client of it. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

const CONNECT_MILLISECONDS = 10_000;

/** Without a byte for so long, a connection is given up. */
const SILENCE_MILLISECONDS = 60_000;

/** How many connections there may be; a publish says itself how many requests are under way. */
const MOST_SOCKETS = 256;

/**
 * Opens a client of the SDK. Its own retries are off, since this package has its own; and it adds no checksums that services other than
 * AWS do not know: each upload has its MD5.
 */
export async function connect(options: ResolvedS3Target): Promise<S3Connection> {
  const sdk = await loadSdk('s3Target()', '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const { endpoint, credentials, forcePathStyle = endpoint !== undefined } = options;
  const region = options.region ?? regionOf(endpoint);
  const client = new sdk.S3Client({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    forcePathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    // Thousands of requests are alike.
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      socketTimeout: SILENCE_MILLISECONDS,
      httpAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
    },
  });
  refuseForeignAnswers(client);
  return { sdk, client };
}

/** Services other than AWS mostly do not care, and the SDK needs one. */
function regionOf(endpoint: string | undefined): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (AWS_REGION !== undefined || endpoint === undefined) return undefined;
  return AWS_DEFAULT_REGION ?? 'us-east-1';
}

/** The host of the service, as messages name it. */
export function hostOf({ endpoint, region }: ResolvedS3Target): string {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const url = endpoint ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  if (url !== undefined && URL.canParse(url)) return new URL(url).host;
  return region === undefined ? 's3.amazonaws.com' : `s3.${region}.amazonaws.com`;
}
