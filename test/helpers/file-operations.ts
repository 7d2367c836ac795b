/**
 * JavaScript that calls `before()` and `after()` around each operation of node:fs and node:fs/promises that changes
 * something on disk, with its name and what it was given. It stands at the start of a process, before anything takes these functions over.
 */
export const WATCH_FILE_OPERATIONS = `
  import fs from 'node:fs';
  import promises from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const handle = await promises.open('/dev/null');
  const handles = Object.getPrototypeOf(handle);
  await handle.close();
  const around = (owner, name, changes = () => true) => {
    const original = owner[name];
    owner[name] = async function (...args) {
      if (!changes(...args)) return original.apply(this, args);
      before(name, args);
      const result = await original.apply(this, args);
      after(name, args);
      return result;
    };
  };
  const NAMES = ['appendFile', 'chmod', 'copyFile', 'cp', 'link', 'mkdir', 'rename', 'rm', 'rmdir', 'symlink', 'truncate', 'unlink', 'utimes', 'writeFile'];
  for (const name of NAMES) around(promises, name);
  around(promises, 'open', (path, flags = 'r') => flags !== 'r');
  for (const name of ['appendFile', 'chmod', 'truncate', 'utimes', 'write', 'writeFile']) around(handles, name);
  for (const name of NAMES) {
    const original = fs[name + 'Sync'];
    fs[name + 'Sync'] = (...args) => {
      before(name, args);
      const result = original(...args);
      after(name, args);
      return result;
    };
  }
  syncBuiltinESMExports();
`;

/**
 * The `--import` of a process that is to be killed, as by SIGKILL, right after its n-th change of the disk.
 *
 * @param first - a part of the path whose opening is the first that counts
 */
export function killAfter(count: number, first?: string): string {
  const program = `
    let left = ${count};
    let counts = ${first === undefined};
    const before = (name, args) => {
      counts ||= name === 'open' && String(args[0]).includes(${JSON.stringify(first)});
    };
    const after = () => {
      if (counts) left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    };
    ${WATCH_FILE_OPERATIONS}
  `;
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
