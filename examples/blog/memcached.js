import { freePort } from './ports.js';
import { startServer } from './servers.js';

/**
 * Runs memcached servers, as if each had a host of its own; they go when this process does.
 *
 * @param {number} count
 * @returns {Promise<{ servers: string[], stop: () => Promise<void> }>}
 */
export async function startMemcached(count) {
  // Where root starts it, it wants to be told who to be.
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  const servers = [];
  const running = [];
  for (let index = 0; index < count; index += 1) {
    const port = await freePort();
    running.push(await startServer('memcached', [...user, '-l', '127.0.0.1', '-p', `${port}`], port));
    servers.push(`127.0.0.1:${port}`);
  }
  return { servers, stop: async () => void (await Promise.all(running.map(({ stop }) => stop()))) };
}
