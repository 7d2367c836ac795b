import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a server in the foreground; it goes when this process does.
 *
 * @param {string} program
 * @param {string[]} parameters
 * @param {number} [port] Where it listens.
 * @param {string} [packages] Those of Debian that have it.
 * @returns {Promise<{ stop: () => Promise<void> }>} Resolved once it accepts connections.
 */
export async function startServer(program, parameters, port, packages = program) {
  const server = spawn(program, parameters, {
    env: withSbin(process.env),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => server.kill());
  await once(server, 'spawn').catch((error) => explainMissing(error, program, packages));
  if (port !== undefined) await untilAccepting(server, port);
  const stop = async () => {
    if (server.kill()) await once(server, 'exit');
  };
  return { stop };
}

/**
 * @param {NodeJS.ErrnoException} error
 * @param {string} program
 * @param {string} packages
 * @returns {never}
 */
export function explainMissing(error, program, packages) {
  if (error.code !== 'ENOENT') throw error;
  throw new Error(`Cannot find ${program}: install it (\`apt-get install ${packages}\`), then start again.`, {
    cause: error,
  });
}

/**
 * Some systems keep servers in a folder that only root has on its PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withSbin(env) {
  return { ...env, PATH: [env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @param {number} port
 */
async function untilAccepting(server, port) {
  while (server.exitCode === null && server.signalCode === null) {
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(`${server.spawnfile} ended before it listened on port ${port}; its reason stands above.`);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
