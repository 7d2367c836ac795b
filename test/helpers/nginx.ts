import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from './folder.ts';
import { startNginxProcess } from './nginx-process.ts';

/** A running nginx. */
export interface Nginx {
  readonly url: string;
  readonly port: number;
  /** The request lines logged so far, complete up to the last answer that the caller has received. */
  requests(): Promise<string[]>;
}

/**
 * Starts a real nginx on a free loopback port, in a folder of its own, and ends it by its process id.
 *
 * @param server - what stands in the `server` block
 * @param http - what stands in the `http` block beside it
 */
export async function startNginx(t: ExecutionContext, server: string, http = ''): Promise<Nginx> {
  const folder = await temporaryFolder(t);
  const log = join(folder, 'access.log');
  const port = await startNginxProcess(t, {
    folder,
    events: 'worker_connections 512;',
    http: `log_format lines '$status $request'; access_log ${log} lines; ${http}`,
    server,
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    async requests() {
      // One worker logs in the order of its answers: once this one is here, all earlier ones are written.
      await fetch(`${url}/requests-barrier`).then((response) => response.arrayBuffer());
      const lines = (await readFile(log, 'utf8')).split('\n');
      return lines.filter((line) => line !== '' && !line.includes(' /requests-barrier '));
    },
  };
}
