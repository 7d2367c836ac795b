import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../core/errors.ts';
import { versionOf } from '../core/hash.ts';

/** Process, its start, the host or container that knows the process by this number, and something random. */
const RUN_ID = /^(\d+)-(\d+)-([0-9a-f]{16})-[0-9a-f]{8}$/;

/** A name for one run of a command, from which others on this host can tell whether its process is still alive. */
export function createRunId(): string {
  const start = startOf(process.pid) ?? '0';
  return `${process.pid}-${start}-${processSpace()}-${randomBytes(4).toString('hex')}`;
}

/** Whether a string is the name of a run. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Whether the process of a run is alive. It is `'unknown'` on another host or in another container, and where the system
 * does not tell a process from a later one with the same number.
 */
export function runState(id: string): 'alive' | 'dead' | 'unknown' {
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
  const status = readText(() => readFileSync(`/proc/${processId}/stat`, 'utf8'));
  // The second field, the program's name in parentheses, may hold anything.
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** What a process number is unique in: one container or host since the host last started. */
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
