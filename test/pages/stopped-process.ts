import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TYPESCRIPT } from '../helpers/run-node.ts';

/** What a process did in one command. */
interface Done {
  readonly result: unknown;
  /** Whether it ended before it came to the operation that it was to stop at. */
  readonly isWhole: boolean;
}

/** A process of its own that uses a store, and can be stopped between any two things that it does to it. */
export interface SteppingProcess {
  /** Lets it use a store from now on. */
  open(store: string): Promise<void>;
  end(): Promise<void>;
  /**
   * Lets it do something, and stops it before an operation.
   *
   * @param command - `land`, `store`, `delete`, `deleteBelow`, `invalidate`, `clear`
   * @param operations - how many it does before
   * @param meanwhile - what is done while it is stopped
   */
  run(command: string, operations: number, text: string, meanwhile: () => Promise<void>): Promise<Done>;
}

/** Starts such a process. */
export async function startSteppingProcess(program: URL): Promise<SteppingProcess> {
  const child = spawn(process.execPath, ['--import', TYPESCRIPT, fileURLToPath(program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The process ended.');
    return value;
  };
  await line();
  return {
    async open(store) {
      child.stdin.write(`open ${store}\n`);
      await line();
    },
    async end() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
    async run(command, operations, text, meanwhile) {
      child.stdin.write(`${command} ${operations} ${text}\n`);
      let answer = await line();
      if (answer === 'stopped') {
        while (!isStopped(child.pid)) await setTimeout(1);
        try {
          await meanwhile();
        } finally {
          child.kill('SIGCONT');
          child.stdin.write('go on\n');
          answer = await line();
        }
      }
      return JSON.parse(answer) as Done;
    },
  };
}

/** Whether a process is stopped by a signal (proc_pid_stat(5), field 3). */
function isStopped(processId: number | undefined): boolean {
  const status = readFileSync(`/proc/${processId}/stat`, 'utf8');
  return status.slice(status.lastIndexOf(')') + 2).startsWith('T');
}
