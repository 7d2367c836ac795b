import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCeph } from './ceph.js';

const bucket = 'slack-water';

/**
 * Runs an S3 server with an empty bucket that everybody may read, and that is a website.
 *
 * @returns {Promise<{ website: { address: string, host: string }, environment: Record<string, string>, stop: () => Promise<void> }>}
 *   The environment is what the configuration reads.
 */
export async function startBucket() {
  const { endpoint, credentials, stop } = await startCeph();
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(readable()) }));
  const website = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: '404.html' } };
  await client.send(new PutBucketWebsiteCommand({ Bucket: bucket, WebsiteConfiguration: website }));
  client.destroy();
  return {
    website: { address: endpoint, host: `${bucket}.web.localhost` },
    environment: {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stop,
  };
}

/** Who may list a bucket is told that a page is not there, where others are told that they may not read it. */
function readable() {
  const everybody = { Effect: 'Allow', Principal: '*' };
  return {
    Version: '2012-10-17',
    Statement: [
      { ...everybody, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      { ...everybody, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}` },
    ],
  };
}
