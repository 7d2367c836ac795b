import { startBucketServer, type ServerContext } from './bucket-server.ts';

/**
 * Starts Google's own emulator of Cloud Storage. Its buckets appear on use. It enforces neither preconditions nor MD5s, and knows no
 * uploads in parts: for those see the strict server.
 *
 * @returns its URL, for `STORAGE_EMULATOR_HOST`
 */
export async function startGcsEmulator(t: ServerContext): Promise<string> {
  const port = await startBucketServer(t, {
    folder: 'gcs-emulator',
    script: 'emulator.cjs',
    parameters: (free) => [`${free}`],
    ready: /listens/,
  });
  return `http://127.0.0.1:${port}`;
}
