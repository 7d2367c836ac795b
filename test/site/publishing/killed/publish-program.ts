import {
  createSite,
  directoryTarget,
  route,
  s3Target,
  type S3TargetOptions,
  type Target,
} from '../../../../src/site/index.ts';

/** What a publish in a process of its own is told. */
export interface PublishOrder {
  /** The exported folder. */
  readonly from: string;
  readonly target: { readonly folder: string } | S3TargetOptions;
  /** Before which call of the target the process kills itself, from 0; beyond the last one it ends by itself. */
  readonly killAt?: number;
  readonly lockSeconds?: number;
  readonly parallel?: number;
}

/** Publishes a folder, and says how many moments there were at which it could have been killed. */
export async function publishOrder({
  from,
  target,
  killAt,
  lockSeconds = 60,
  parallel = 3,
}: PublishOrder): Promise<number> {
  const opened = 'folder' in target ? directoryTarget(target) : s3Target(target);
  let moments = 0;
  const moment = (): void => {
    if (moments === killAt) process.kill(process.pid, 'SIGKILL');
    moments += 1;
  };
  await siteOf(from).publish(watched(opened, moment), { from, lockSeconds, parallel, skipVerify: true });
  return moments;
}

/** The site of a folder that was exported: its pages are there already. */
function siteOf(out: string): ReturnType<typeof createSite> {
  return createSite({
    app: (_request, response) => response.end(),
    origin: 'https://www.example.com',
    out,
    routes: [route('/')],
  });
}

/** A target that tells of each call before it is made. */
function watched(target: Target, moment: () => void): Target {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        moment();
        return Reflect.apply(value, target, given);
      };
    },
  });
}

const [order] = process.argv.slice(2);
if (order?.startsWith('{') === true) {
  // The caller wrote it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  process.stdout.write(String(await publishOrder(JSON.parse(order) as PublishOrder)));
}
