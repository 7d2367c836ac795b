import cluster from 'node:cluster';
import { resolveOptions } from '../core/options.ts';
import { NOW_OPTIONS, type StaticUrlNowOptions } from './options.ts';
import { staticUrl } from '../core/prefix.ts';
import { variableIn } from './environment.ts';
import { checkSecret, versionOfTime } from './time.ts';

/**
 * A static URL whose version is the time of this call: for development, where each start of the app makes
 * browsers fetch everything anew.
 *
 * Two calls in different milliseconds differ. Processes that start at different times have different URLs, so a
 * cluster worker, or a process that PM2 numbers, warns once.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
 * @param options - how the time becomes a version
 * @returns prefix + version + `/`
 * @throws TypeError for a prefix or an option of the wrong shape
 *
 * @example
 * ```ts
 * import { getStaticUrlNow } from 'static-url';
 *
 * export const STATIC_URL = getStaticUrlNow('/static/'); // '/static/5e0c8d3e1b7a9f42/'
 * ```
 */
export function getStaticUrlNow(prefix: string, options: StaticUrlNowOptions = {}): string {
  return staticUrl(prefix, versionOfNow(options));
}

/** The version that the time of this call gives; see {@link getStaticUrlNow}. */
export function versionOfNow(options: StaticUrlNowOptions): string {
  const resolved = resolveOptions('getStaticUrlNow()', options, NOW_OPTIONS);
  checkSecret(options, resolved);
  warnOnceInWorker();
  return versionOfTime(BigInt(Date.now()) * 1_000_000n, resolved);
}

let warned = false;

function warnOnceInWorker(): void {
  if (warned || !isOneOfSeveral()) return;
  warned = true;
  process.emitWarning(
    'getStaticUrlNow() runs in one of several workers: each takes the time of its own start, so their URLs differ. ' +
      'Use getStaticUrlFile(), or compute the URL once and pass it to the workers.',
    { type: 'StaticUrlWarning', code: 'STATIC_URL_WORKERS_DISAGREE' },
  );
}

/** PM2 numbers its processes in NODE_APP_INSTANCE, also a single one; `instances` then tells that it is single. */
function isOneOfSeveral(): boolean {
  const isNumbered = variableIn(process.env, 'NODE_APP_INSTANCE') !== undefined;
  return cluster.isWorker || (isNumbered && process.env['instances'] !== '1');
}
