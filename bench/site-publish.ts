import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startCeph } from '../test/helpers/ceph.ts';
import { startCountingProxy } from '../test/helpers/counting-proxy.ts';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const FILES = 1000;
const PARALLEL = 16;

const CLI = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
const SITE = new URL('../dist/site.js', import.meta.url).href;

/** A site of small files to a real S3 server on this computer, with rclone and with static-url. */
export async function benchSitePublish(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 5;
  const { rclone = '', radosgw = '' } = requireTools(['rclone', 'radosgw', 'ceph-mon', 'ceph-osd']);
  const ceph = await startCeph();
  context.teardown(ceph.stop);
  const folder = await temporaryFolder(context);
  await writeSite(join(folder, 'site'));
  const peers = { ceph, folder };
  let buckets = 0;
  const intoNew = (upload: (bucket: string) => Promise<void>) => async (): Promise<number> => {
    const bucket = `first-${(buckets += 1)}`;
    await makeBucket(peers, bucket);
    return timed(() => upload(bucket));
  };
  const first = await alternate(
    { name: 'rclone sync --checksum', measure: intoNew((bucket) => syncByRclone(peers, bucket)) },
    [
      {
        name: 'static-url publish --skip-verify',
        asked: { atMost: 1.3 },
        measure: intoNew((bucket) => publish(peers, bucket)),
      },
    ],
    rounds,
    context.progress,
  );
  for (const bucket of ['of-rclone', 'of-static-url']) await makeBucket(peers, bucket);
  await syncByRclone(peers, 'of-rclone');
  await publish(peers, 'of-static-url');
  const again = (bound?: Candidate['asked']): Candidate[] => [
    {
      name: 'static-url publish --skip-verify',
      ...(bound && { asked: bound }),
      measure: async () => timed(() => publish(peers, 'of-static-url')),
    },
  ];
  const second = await alternate(
    {
      name: 'rclone sync --checksum',
      measure: async () => timed(() => syncByRclone(peers, 'of-rclone')),
    },
    again({ atMost: 0.2 }),
    rounds,
    context.progress,
  );
  const inOneListing = await alternate(
    {
      name: 'rclone sync --checksum --fast-list',
      measure: async () => timed(() => syncByRclone(peers, 'of-rclone', '--fast-list')),
    },
    again(),
    rounds,
    context.progress,
  );
  const requests = await countRequests(context, peers);
  return {
    name: 'site-publish',
    title: `${FILES} files of 2 to 8 KB in as many folders to Ceph, ${PARALLEL} at a time, ${rounds} rounds`,
    versions: { ...versionsOf(['@aws-sdk/client-s3']), rclone, Ceph: radosgw },
    tables: [
      { title: 'into an empty bucket', unit: 'ms', rows: comparisonRows(first) },
      { title: 'again, nothing changed', unit: 'ms', rows: comparisonRows(second) },
      { title: 'the same, rclone with one listing', unit: 'ms', rows: comparisonRows(inOneListing) },
    ],
    notes: [
      'Each is a process of its own, timed from outside from its start to its end.',
      `An unchanged publish makes ${requests.again} requests; the first one made ${requests.first}.`,
      `Verification of all ${FILES} public URLs takes ${(await verificationMilliseconds(peers)).toFixed(0)} ms more.`,
    ],
  };
}

interface Peers {
  readonly ceph: Awaited<ReturnType<typeof startCeph>>;
  readonly folder: string;
}

/** Laid out as sites are: a folder for each page. */
async function writeSite(folder: string): Promise<void> {
  for (let index = 0; index < FILES; index += 1) {
    const page = `<!doctype html><title>${index}</title>${stylesheet(2000 + ((index * 7919) % 6000))}`;
    await writeAsset(join(folder, `posts/${index}/index.html`), page);
  }
}

async function syncByRclone({ ceph, folder }: Peers, bucket: string, ...flags: string[]): Promise<void> {
  const environment = {
    RCLONE_CONFIG: '/dev/null',
    // It cannot do with one.
    AWS_CA_BUNDLE: '',
    RCLONE_CONFIG_CEPH_TYPE: 's3',
    RCLONE_CONFIG_CEPH_PROVIDER: 'Ceph',
    RCLONE_CONFIG_CEPH_ENDPOINT: ceph.endpoint,
    RCLONE_CONFIG_CEPH_ACCESS_KEY_ID: ceph.credentials.accessKeyId,
    RCLONE_CONFIG_CEPH_SECRET_ACCESS_KEY: ceph.credentials.secretAccessKey,
  };
  const parallel = ['--transfers', String(PARALLEL), '--checkers', String(PARALLEL)];
  const from = join(folder, 'site');
  await run('rclone', ['sync', '--checksum', ...parallel, ...flags, from, `ceph:${bucket}`], environment);
}

async function publish(
  { ceph, folder }: Peers,
  bucket: string,
  { endpoint = ceph.endpoint, verifies = false } = {},
): Promise<void> {
  const config = `
    import { route, s3Target } from ${JSON.stringify(SITE)};
    export default {
      app: () => {},
      site: {
        origin: 'https://www.example.com', out: 'site', routes: [route('/')],
        targets: { default: s3Target(${JSON.stringify({
          bucket,
          endpoint,
          credentials: ceph.credentials,
          region: 'us-east-1',
          publicUrl: verifies ? `${endpoint}/${bucket}/` : false,
        })}) },
      },
    };`;
  await writeAsset(join(folder, 'static-url.config.mjs'), config);
  await run(
    process.execPath,
    [CLI, 'publish', '--from', 'site', '--quiet', ...(verifies ? [] : ['--skip-verify'])],
    {},
    folder,
  );
}

async function run(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<void> {
  const child = spawn(program, parameters, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${said}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function makeBucket(peers: Peers, bucket: string, isPublic = false): Promise<void> {
  const { CreateBucketCommand, PutBucketPolicyCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { endpoint, credentials } = peers.ceph;
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  if (isPublic) {
    const Resource = `arn:aws:s3:::${bucket}/*`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  }
  client.destroy();
}

/** What verification adds to a first publish. */
async function verificationMilliseconds(peers: Peers): Promise<number> {
  await makeBucket(peers, 'unverified', true);
  await makeBucket(peers, 'verified', true);
  const without = await timed(() => publish(peers, 'unverified'));
  return (await timed(() => publish(peers, 'verified', { verifies: true }))) - without;
}

/** Counts the requests of a first publish and of an unchanged one. */
async function countRequests(
  context: BenchContext,
  peers: Peers,
): Promise<{ readonly first: number; readonly again: number }> {
  const proxy = await startCountingProxy(context, peers.ceph.port);
  const { endpoint } = proxy;
  await makeBucket(peers, 'counted');
  await publish(peers, 'counted', { endpoint });
  const first = proxy.count();
  await publish(peers, 'counted', { endpoint });
  return { first, again: proxy.count() - first };
}
