import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a process runs. */
export interface Surroundings {
  readonly cwd?: string;
  /** Variables beside those of this process; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly nodeOptions?: readonly string[];
  readonly stdio?: StdioOptions;
}

/** The address of the TypeScript loader, for processes whose folder is elsewhere. */
export const TYPESCRIPT = new URL('typescript/register.js', import.meta.url).href;

/** The address of the package's source entry. */
export const ENTRY = new URL('../../src/index.ts', import.meta.url).href;

/** Runs JavaScript as a module of a Node process of its own, where `api` is the package's source entry. */
export function runNode(
  source: string,
  { nodeOptions = [], ...surroundings }: Surroundings = {},
): Promise<Ended> {
  const program = `import * as api from ${JSON.stringify(ENTRY)};\n${source}`;
  const args = ['--import', TYPESCRIPT, ...nodeOptions, '--input-type=module', '--eval', program];
  return runProgram(process.execPath, args, surroundings);
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, stdio = ['ignore', 'pipe', 'pipe'] }: Surroundings = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio,
  });
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** Runs a program that prints one JSON value, and returns it. */
export async function runForValue<Value>(source: string, surroundings?: Surroundings): Promise<Value> {
  const { code, stdout, stderr } = await runNode(source, surroundings);
  if (code !== 0) throw new Error(`The program ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}
