import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startCeph } from '../test/helpers/ceph.ts';
import { startCountingProxy } from '../test/helpers/counting-proxy.ts';
import { alternate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const FILES = 1000;
const PARALLEL = 16;

const RCLONE = 'rclone sync --checksum';
const OURS = 'static-url publish --skip-verify';
const INSIDE = 'the same, without its start';

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
  const intoNew = (upload: (bucket: string) => Promise<number>) => async (): Promise<number> => {
    const bucket = `first-${(buckets += 1)}`;
    await makeBucket(peers, bucket);
    return upload(bucket);
  };
  const byRclone =
    (...flags: readonly string[]) =>
    (bucket: string) =>
      timed(() => syncByRclone(peers, bucket, ...flags));
  const byCommand = (bucket: string): Promise<number> => timed(() => publish(peers, bucket));
  const first = await alternate(
    { name: RCLONE, measure: intoNew(byRclone()) },
    [
      { name: OURS, asked: { atMost: 1.3 }, measure: intoNew(byCommand) },
      { name: INSIDE, measure: intoNew((bucket) => publish(peers, bucket)) },
    ],
    rounds,
    context.progress,
  );
  for (const bucket of ['of-rclone', 'of-static-url']) await makeBucket(peers, bucket);
  await syncByRclone(peers, 'of-rclone');
  await publish(peers, 'of-static-url');
  const againstRclone = (...flags: readonly string[]): ReturnType<typeof alternate> =>
    alternate(
      { name: [RCLONE, ...flags].join(' '), measure: () => byRclone(...flags)('of-rclone') },
      [
        {
          name: OURS,
          ...(flags.length === 0 && { asked: { atMost: 0.2 } }),
          measure: () => byCommand('of-static-url'),
        },
        { name: INSIDE, measure: () => publish(peers, 'of-static-url') },
      ],
      rounds,
      context.progress,
    );
  const second = await againstRclone();
  const inOneListing = await againstRclone('--fast-list');
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
      'Each is a process of its own, timed from outside from its start to its end; the last row from inside, once Node and the configuration are there.',
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

/** Returns how long it took by its own report, in milliseconds. */
async function publish(
  { ceph, folder }: Peers,
  bucket: string,
  { endpoint = ceph.endpoint, verifies = false } = {},
): Promise<number> {
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
  const flags = verifies ? [] : ['--skip-verify'];
  const printed = await run(
    process.execPath,
    [CLI, 'publish', '--from', 'site', '--json', ...flags],
    {},
    folder,
  );
  const { seconds } = JSON.parse(printed) as { readonly seconds: number };
  return seconds * 1000;
}

/** Runs a program to its end, and returns what it printed. */
async function run(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<string> {
  const child = spawn(program, parameters, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${said}`);
  return printed;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
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
