import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchContext } from './report.ts';

/** A running program of `programs/`, which answers messages one at a time. */
export interface NodeProgram {
  /** What it said when it was ready. */
  readonly greeting: unknown;
  readonly ask: (message: object) => Promise<unknown>;
  readonly end: () => Promise<void>;
}

/** Programs are JavaScript for plain Node: a loader would cost them time and memory. */
function programPath(name: string): string {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

const environment = { ...process.env, NODE_ENV: 'development', NODE_OPTIONS: '' };
const ANSWER_MILLISECONDS = 120_000;

/** Starts a program that is ended with the bench, by its process id, or with this process. */
export async function startProgram(
  { teardown }: BenchContext,
  name: string,
  programArguments: readonly string[] = [],
): Promise<NodeProgram> {
  const child = spawn(process.execPath, [programPath(name), ...programArguments], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'json',
  });
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The program "${name}" ended with ${String(code)}.`);
  });
  ended.catch(() => {});
  const end = async (): Promise<void> => {
    child.kill();
    await ended.catch(() => {});
  };
  teardown(end);
  const answer = async (): Promise<unknown> => {
    const answered = once(child, 'message', { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    const [message]: unknown[] = await Promise.race([answered, ended]);
    return message;
  };
  return {
    greeting: await answer(),
    ask(message) {
      child.send(message);
      return answer();
    },
    end,
  };
}

/** Runs a program to its end and returns the JSON that it printed. */
export async function runProgram(
  name: string,
  programArguments: readonly string[],
  timeoutMilliseconds = ANSWER_MILLISECONDS,
): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [programPath(name), ...programArguments], {
    env: environment,
    timeout: timeoutMilliseconds,
  });
  return JSON.parse(stdout) as unknown;
}

/** A text out of a program's answer. */
export function textIn(answer: unknown, name: string): string {
  const value: unknown = typeof answer === 'object' && answer ? Reflect.get(answer, name) : undefined;
  if (typeof value === 'string') return value;
  throw new Error(`A program answered ${JSON.stringify(answer)}, which has no text "${name}".`);
}

/** A number out of a program's answer. */
export function numberIn(answer: unknown, name: string): number {
  const value: unknown = typeof answer === 'object' && answer ? Reflect.get(answer, name) : undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`A program answered ${JSON.stringify(answer)}, which has no number "${name}".`);
}
