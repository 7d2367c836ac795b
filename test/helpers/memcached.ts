import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A running memcached. */
export interface Memcached {
  readonly host: string;
  readonly port: number;
  /** `HOST:PORT`. */
  readonly server: string;
  /** Of the last start. */
  readonly process: ChildProcess;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Ends it, unless it has ended, and starts it again at the same port: empty. */
  restart(): Promise<void>;
  /** Makes it hang. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
}

interface MemcachedSetting {
  readonly host?: string;
  /** Told to it beside those for its port: `['-m', '8']`. */
  readonly parameters?: readonly string[];
}

interface Teardowns {
  teardown(end: () => Promise<void>): void;
}

/** Starts a real memcached on a free loopback port, and ends it by its process id. */
export async function startMemcached(
  context: Teardowns,
  { host = '127.0.0.1', parameters = [] }: MemcachedSetting = {},
): Promise<Memcached> {
  let port: number;
  let child: ChildProcess | undefined;
  do {
    port = await freePort();
    // Somebody may take the port before memcached does.
    child = await startAt(host, port, parameters);
  } while (child === undefined);
  let running = child;
  context.teardown(() => end(running));
  return {
    host,
    port,
    server: `${host}:${port}`,
    get process() {
      return running;
    },
    kill: () => end(running),
    async restart() {
      await end(running);
      const next = await startAt(host, port, parameters);
      if (next === undefined) throw new Error(`Another process listens at ${host}:${port} meanwhile.`);
      running = next;
    },
    pause: () => running.kill('SIGSTOP'),
    resume: () => running.kill('SIGCONT'),
  };
}

/** Starts memcached; `undefined` when the port is taken. */
async function startAt(
  host: string,
  port: number,
  parameters: readonly string[],
): Promise<ChildProcess | undefined> {
  const own = ['-l', host, '-p', `${port}`, '-U', '0', ...(process.getuid?.() === 0 ? ['-u', 'root'] : [])];
  const child = spawn('memcached', [...own, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const closed = once(child, 'close');
  closed.catch(() => {});
  while (isRunning(child)) {
    if (await answers(host, port)) return child;
    await sleep(5);
  }
  await closed;
  if (/Address already in use/.test(errors)) return undefined;
  throw new Error(`memcached ended: ${errors}`);
}

/** Whether somebody listens. */
async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const closed = once(child, 'close');
  // Also one that hangs ends by it.
  child.kill('SIGKILL');
  await closed;
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}
