import { startNginxProcess } from '../test/helpers/nginx-process.ts';
import { temporaryFolder } from './folder.ts';
import type { BenchContext } from './report.ts';

/**
 * Starts an nginx with one worker and otherwise the settings of Debian's nginx.conf, on a free loopback port.
 *
 * @param server - what stands in the `server` block
 * @param http - what stands in the `http` block beside it
 * @returns its origin
 */
export async function startNginx(context: BenchContext, server: string, http = ''): Promise<string> {
  const port = await startNginxProcess(context, {
    folder: await temporaryFolder(context),
    events: 'worker_connections 768;',
    http: `sendfile on; tcp_nopush on; gzip on; types_hash_max_size 2048; default_type application/octet-stream;
      access_log off; keepalive_requests 1000000000; keepalive_time 1d; ${http}`,
    server,
  });
  return `http://127.0.0.1:${port}`;
}
