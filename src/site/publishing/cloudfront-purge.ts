import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { quote } from '../../core/text.ts';
import { loadSdk } from '../targets/sdk.ts';

/** CloudFront has no more than so many paths under way at once. */
const MOST_PATHS = 3000;

/** How many paths are in one invalidation. */
export const PATHS_AT_ONCE = 1000;

const LOOK_MILLISECONDS = 5000;
const PATIENCE_MILLISECONDS = 15 * 60 * 1000;

/**
 * Invalidates paths in a distribution of CloudFront, and waits until that is done everywhere.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html
 * @param distribution - its id
 */
export async function invalidate(distribution: string, paths: readonly string[]): Promise<void> {
  const sdk = await loadSdk(
    'The purge of CloudFront',
    '@aws-sdk/client-cloudfront',
    () => import('@aws-sdk/client-cloudfront'),
  );
  // Its host is the same for all regions.
  const client = new sdk.CloudFrontClient({ region: 'us-east-1' });
  try {
    const { Invalidation } = await client.send(
      new sdk.CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: {
          CallerReference: `static-url-${randomUUID()}`,
          Paths: { Quantity: paths.length, Items: [...paths] },
        },
      }),
    );
    const order = { DistributionId: distribution, Id: Invalidation?.Id };
    await untilCompleted(Invalidation?.Status, async () => {
      const { Invalidation: found } = await client.send(new sdk.GetInvalidationCommand(order));
      return found?.Status;
    });
  } catch (error) {
    throw explained(error, distribution);
  } finally {
    client.destroy();
  }
}

/**
 * The paths of URLs; of more than 3,000, one for all that is below their common folder. That counts once, and 1,000 paths a month cost
 * nothing.
 */
export function invalidatedPaths(urls: readonly string[]): string[] {
  const paths = [...new Set(urls.map((url) => new URL(url).pathname))];
  if (paths.length <= MOST_PATHS) return paths;
  let folder = (paths[0] ?? '/').replace(/[^/]*$/, '');
  for (const path of paths) while (!path.startsWith(folder)) folder = folder.replace(/[^/]*\/$/, '');
  return [`${folder}*`];
}

async function untilCompleted(
  begun: string | undefined,
  look: () => Promise<string | undefined>,
): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  for (let status = begun; status !== 'Completed'; status = await look()) {
    if (performance.now() > end) throw new Error('It was not done within 15 minutes.');
    await wait(LOOK_MILLISECONDS);
  }
}

/** Without what the errors of the SDK hold besides. */
function explained(error: unknown, distribution: string): unknown {
  const { name, message, code }: Readonly<Record<string, unknown>> = Object(error);
  const what = `The distribution ${quote(distribution)} of CloudFront`;
  switch (name) {
    case 'NoSuchDistribution':
      return new Error(`${what} is not there. Check "purge", and the account that the credentials are of.`);
    case 'AccessDenied':
      return new Error(
        `${what} may not be purged with these credentials. They need cloudfront:CreateInvalidation and cloudfront:GetInvalidation.`,
      );
    case 'TooManyInvalidationsInProgress':
      return new Error(`${what} has too many invalidations under way. Try again in some minutes.`);
    case 'CredentialsProviderError':
      return new Error(
        `${what} cannot be purged without credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with the command line of AWS.`,
      );
    case 'Error':
    case 'StaticUrlError':
      return typeof code === 'string' && name === 'Error'
        ? new Error(`CloudFront cannot be reached (${code}). Check your connection.`)
        : error;
    default:
      return new Error(`${what} was not purged (${quote(name)}): ${firstLine(String(message))}`);
  }
}

function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return line.slice(0, 300);
}
