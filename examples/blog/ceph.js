import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.js';
import { explainMissing, startServer } from './servers.js';

/** Debian's packages. */
const packages = 'ceph-mon ceph-osd radosgw';
/** Who may write; readers need no name. */
const credentials = { accessKeyId: 'slack-water', secretAccessKey: 'of-this-computer-alone' };

/**
 * Runs an S3 server that keeps its objects in memory, Ceph's; it goes when this process does.
 *
 * @returns {Promise<{ port: number, endpoint: string, credentials: typeof credentials, stop: () => Promise<void> }>}
 */
export async function startCeph() {
  const folder = await mkdtemp(join(tmpdir(), 'static-url-ceph-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [port, monitorPort, osd, cluster] = [await freePort(), await freePort(), randomUUID(), randomUUID()];
  const monitor = `v2:127.0.0.1:${monitorPort}`;
  const file = join(folder, 'ceph.conf');
  await Promise.all(['mon', 'osd', 'rgw', 'run'].map((name) => mkdir(join(folder, name))));
  await writeFile(file, configuration({ folder, cluster, monitor, port }));

  const run = (/** @type {string} */ program, /** @type {string[]} */ ...parameters) =>
    promisify(execFile)(program, parameters).catch((error) => explainMissing(error, program, packages));
  const map = join(folder, 'monmap');
  await run('monmaptool', '--create', '--addv', 'a', `[${monitor}]`, '--fsid', cluster, map);
  await run('ceph-mon', '-c', file, '-i', 'a', '--mkfs', '--monmap', map);
  const running = [await startServer('ceph-mon', ['-c', file, '-i', 'a', '-f'], monitorPort, packages)];
  await run('ceph', '-c', file, 'osd', 'new', osd);
  await run('ceph', '-c', file, 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost');
  await run('ceph-osd', '-c', file, '-i', '0', '--mkfs', '--osd-uuid', osd);
  running.unshift(await startServer('ceph-osd', ['-c', file, '-i', '0', '-f']));
  const { accessKeyId, secretAccessKey } = credentials;
  const user = ['--uid', 'blog', '--display-name', 'blog', '--access-key', accessKeyId];
  await run(
    'radosgw-admin',
    '-c',
    file,
    '-n',
    'client.rgw',
    'user',
    'create',
    ...user,
    '--secret-key',
    secretAccessKey,
  );
  running.unshift(await startServer('radosgw', ['-c', file, '-n', 'client.rgw', '-f'], port));
  const stop = async () => {
    for (const server of running) await server.stop();
  };
  return { port, endpoint: `http://127.0.0.1:${port}`, credentials, stop };
}

/** @param {{ folder: string, cluster: string, monitor: string, port: number }} options */
function configuration({ folder, cluster, monitor, port }) {
  return `
[global]
fsid = ${cluster}
mon host = [${monitor}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
log file = ${folder}/$name.log
log to stderr = false
err to stderr = false
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 268435456
[client.rgw]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw enable static website = true
rgw enable apis = s3, s3website, admin
rgw dns name = localhost
rgw dns s3website name = web.localhost
`;
}
