import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { TYPESCRIPT, type Ended } from '../helpers/run-node.ts';

const SOURCE = new URL('../../src/releases/', import.meta.url).href;

/** A process of its own that works in a releases folder. */
export interface Program {
  readonly processId: number;
  /** Waits for a line that the program prints. */
  readonly line: (text: string) => Promise<void>;
  /** Lets the program go on that waits for input. */
  readonly tell: (text: string) => void;
  /** Ends the program's input, which it cannot take for a part of what it was told before. */
  readonly stop: () => void;
  readonly kill: () => void;
  readonly ended: Promise<Ended>;
}

/**
 * JavaScript that has what releases and prunes consist of; `input`, a promise of the next text that it is told; and
 * whether it `isStopped`.
 */
const PRELUDE = `
  import { once } from 'node:events';
  const load = (name) => import(${JSON.stringify(SOURCE)} + name + '.ts');
  const { writeRelease } = await load('write-release');
  const { pruneReleases } = await load('prune-releases');
  const { layoutOf } = await load('release-layout');
  const run = await load('runs');
  const claims = await load('claims');
  const input = () => once(process.stdin, 'data');
  let isStopped = false;
  process.stdin.once('end', () => { isStopped = true; });
`;

/** Starts JavaScript as a process of its own, killed when the test ends. */
export function startProgram(t: ExecutionContext, source: string): Program {
  const args = ['--import', TYPESCRIPT, '--input-type=module', '--eval', PRELUDE + source];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = closed.then(([code]) => ({ code, stdout, stderr }));
  return {
    processId: child.pid ?? 0,
    async line(text) {
      while (!stdout.includes(`${text}\n`)) {
        const more = await Promise.race([once(child.stdout, 'data'), ended]);
        if ('code' in more && !stdout.includes(`${text}\n`)) throw new Error(`It ended: ${more.stderr}`);
      }
    },
    tell: (text) => void child.stdin.write(text),
    stop: () => void child.stdin.end(),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}
