import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../core/errors.ts';
import { versionOf } from '../core/hash.ts';

/** Process, its start, the host or container that knows the process by this number, and something random. */
const RUN_ID = /^(\d+)-(\d+)-([0-9a-f]{16})-[0-9a-f]{8}$/;

/** What is known about a run from its id alone. */
export type RunState = 'alive' | 'dead' | 'unknown';

/** A name for one run of a command, that tells others on this host whether its process still lives. */
export function createRunId(): string {
  const start = startOf(process.pid) ?? '0';
  return `${process.pid}-${start}-${processSpace()}-${randomBytes(4).toString('hex')}`;
}

/** Whether a text is the name of a run. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Whether the process of a run lives. It is `'unknown'` on another host or in another container, and where the system
 * does not tell a process from a later one with the same number.
 */
export function runState(id: string): RunState {
  const [, number = '', start = '', space] = RUN_ID.exec(id) ?? [];
  if (space !== processSpace()) return 'unknown';
  const processId = Number(number);
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    if (systemErrorCode(error) === 'ESRCH') return 'dead';
  }
  const now = startOf(processId);
  if (now === undefined || start === '0') return 'unknown';
  return now === start ? 'alive' : 'dead';
}

/** When a process started, in clock ticks since the system did (proc_pid_stat(5), field 22). */
function startOf(processId: number): string | undefined {
  const stat = readText(() => readFileSync(`/proc/${processId}/stat`, 'utf8'));
  // The second field, the program's name in parentheses, may hold anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Within what a process number means one process: a container of a host since the host's start. */
function processSpace(): string {
  const boot = readText(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const container = readText(() => readlinkSync('/proc/self/ns/pid'));
  return versionOf(`${hostname()}\0${boot ?? ''}\0${container ?? ''}`);
}

function readText(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
