import type { ExecutionContext } from 'ava';
import { MANIFEST_KEY } from '../../../../src/site/publishing/control-objects.ts';
import { parseManifest } from '../../../../src/site/publishing/manifest.ts';
import { CREDENTIALS } from '../../../helpers/strict-s3/signature.ts';
import { startStrictS3 } from '../../../helpers/strict-s3/strict-s3.ts';
import type { Killed } from './kills.ts';

/** A bucket of the strict server, for killed publishes. */
export async function killedBucket(t: ExecutionContext): Promise<Killed> {
  const server = await startStrictS3(t);
  const { objects } = server.bucket();
  return {
    target: {
      bucket: 'site',
      endpoint: server.endpoint,
      region: 'eu-central-1',
      credentials: CREDENTIALS,
      publicUrl: false,
    },
    url: server.websiteUrl().slice(0, -1),
    contents: async () =>
      Object.fromEntries(
        [...objects].map(([key, { bytes, headers }]) => [
          key,
          key === MANIFEST_KEY
            ? manifestText(bytes.toString('utf8'))
            : `${bytes.toString('utf8')}${JSON.stringify(headers)}`,
        ]),
      ),
    clear: async () => objects.clear(),
  };
}

/** What a manifest says, but for what is another each time: revisions, dates, and the order of files. */
export function manifestText(text: string): string {
  const manifest = parseManifest(text);
  if (manifest === undefined) return `no manifest: ${text}`;
  const { owner, number, files, left } = manifest;
  const rows = [...files].map(([key, { md5, headers, kind }]) => [key, md5, headers, kind] as const);
  // What was deleted is remembered until the next listing.
  const leftRows = [...left].flatMap(([key, { kind, retired }]) =>
    retired === undefined ? [] : [[key, kind, retired.number] as const],
  );
  return JSON.stringify([owner, number, rows.toSorted(byKey), leftRows.toSorted(byKey)]);
}

function byKey([one]: readonly [string, ...unknown[]], [other]: readonly [string, ...unknown[]]): number {
  return one < other ? -1 : 1;
}
