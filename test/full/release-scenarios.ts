import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import { killAfter } from '../helpers/file-operations.ts';

/** The built program; `npm run test:full` builds it first. */
const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
/** What the program calls for a release or a prune, which starts twice as fast without it. */
const RELEASES = new URL('../../dist/releases/index.js', import.meta.url).href;

/** What a scenario starts from, and what a second run must lead to. */
export interface Scenario {
  readonly name: string;
  readonly argv: (folder: string, place: string) => string[];
  /** The same as JavaScript. */
  readonly call: (folder: string, place: string) => string;
  /** The states that have been released before, the oldest first. */
  readonly before: readonly string[];
  /** The states whose releases are there in the end. */
  readonly after: readonly string[];
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'release',
    argv: (folder, place) => releaseArguments(folder, place, '1'),
    call: (folder, place) => releaseCall(folder, place, '1'),
    before: ['0'],
    after: ['0', '1'],
  },
  {
    name: 'the first release',
    argv: (folder, place) => releaseArguments(folder, place, '1'),
    call: (folder, place) => releaseCall(folder, place, '1'),
    before: [],
    after: ['1'],
  },
  {
    name: 'prune',
    argv: (_, place) => pruneArguments(place),
    call: (_, place) => pruneCall(place),
    before: ['0', '1', '2'],
    after: ['2'],
  },
];

export function releaseArguments(folder: string, place: string, state: string): string[] {
  const argv = [
    'release',
    '--root',
    join(folder, state),
    '--releases',
    join(place, 'releases'),
    '--compress',
  ];
  return [...argv, '--manifest', join(place, 'assets.json')];
}

function releaseCall(folder: string, place: string, state: string): string {
  const [releases, manifest] = [join(place, 'releases'), join(place, 'assets.json')];
  const options = { roots: join(folder, state), releases, manifest, compress: true };
  return `writeRelease(${JSON.stringify(options)})`;
}

function pruneArguments(place: string): string[] {
  return ['prune', '--releases', join(place, 'releases'), '--keep', '1', '--older-than', '0d'];
}

function pruneCall(place: string): string {
  return `pruneReleases(${JSON.stringify({ releases: join(place, 'releases'), keep: 1, olderThanSeconds: 0 })})`;
}

export async function runHere(argv: readonly string[]): Promise<void> {
  let message = '';
  const writeError = (text: string): void => void (message += text);
  const code = await main(argv, { write: () => {}, writeError, cwd: '/', env: {} });
  if (code !== 0) throw new Error(message);
}

/** When a run is killed; never, where neither is told. */
export interface Until {
  /** How many times it has changed the disk. */
  readonly count?: number;
  readonly milliseconds?: number;
}

/** Runs a scenario in a process of its own; returns whether it came to its end. */
export function runUntil(
  { argv, call }: Scenario,
  folder: string,
  place: string,
  { count, milliseconds }: Until,
): Promise<boolean> {
  if (count === undefined) return runElsewhere([BIN, ...argv(folder, place)], milliseconds);
  return callUntil(call(folder, place), killAfter(count));
}

/**
 * Calls `writeRelease()` or `pruneReleases()` in a process of its own; returns whether it came to its end.
 *
 * @param kill - what kills it
 */
export function callUntil(call: string, kill: string): Promise<boolean> {
  const program = `import * as releases from ${JSON.stringify(RELEASES)}; await releases.${call}`;
  return runElsewhere(['--import', kill, '--input-type=module', '--eval', program]);
}

/** Runs a process, killed after a while if one is given; returns whether it came to its end. */
async function runElsewhere(args: readonly string[], milliseconds?: number): Promise<boolean> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let message = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (message += text));
  const closed = once(child, 'close') as Promise<[code: number | null, signal: string | null]>;
  if (milliseconds !== undefined) {
    await Promise.race([setTimeout(milliseconds), closed]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await closed;
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(message);
  return code === 0;
}
