import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const SERVERS = new URL('../servers/', import.meta.url).pathname;

/** An emulator of a cloud, with a folder of its own below `test/servers`, where it is installed on its first use. */
export interface BucketServer {
  readonly folder: 'azurite' | 'gcs-emulator';
  /** The program, relative to the folder. */
  readonly script: string;
  readonly parameters: (port: number) => readonly string[];
  /** What it prints once it listens. */
  readonly ready: RegExp;
}

/** What a test, or a file of them, tells a server that is started for it. */
export interface ServerContext {
  teardown(end: () => Promise<void>): void;
  timeout(milliseconds: number): void;
}

/** Starts an emulator on a free loopback port, and ends it by its process id; returns the port. */
export async function startBucketServer(t: ServerContext, server: BucketServer): Promise<number> {
  // npm may have to fetch hundreds of packages first.
  t.timeout(600_000);
  const folder = join(SERVERS, server.folder);
  await install(folder);
  for (;;) {
    const port = await freePort();
    const child = spawn(process.execPath, [server.script, ...server.parameters(port)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    t.teardown(() => end(child));
    const printed = await untilReady(child, server.ready);
    if (printed === undefined) return port;
    // Somebody may take the port before the server does.
    if (!/EADDRINUSE/.test(printed)) throw new Error(`The server of ${server.folder} ended: ${printed}`);
  }
}

async function install(folder: string): Promise<void> {
  try {
    // Written by npm when all is done.
    await access(join(folder, 'node_modules/.package-lock.json'));
  } catch {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund', '--omit=optional'], { cwd: folder });
  }
}

/** Waits until a server listens, and returns nothing then; what it printed, when it ended instead. */
async function untilReady(child: ChildProcess, ready: RegExp): Promise<string | undefined> {
  let printed = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        printed += piece;
        if (ready.test(printed)) resolve(undefined);
      });
    child.once('close', () => resolve(printed));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
