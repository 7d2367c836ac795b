import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import xxhash from 'xxhash-wasm';
import { makeDelta, type Delta } from '../../src/compression/delta.ts';
import { openDictionaryCodec, type DictionaryCodec } from '../../src/compression/dictionary-codec.ts';
import { hexadecimal } from '../../src/core/hash.ts';
import { deltaName, timeOfContent } from '../../src/releases/options.ts';

/** A delta on disk. */
export interface PlacedDelta {
  readonly file: string;
  readonly bytes: Buffer;
  /** The headers of a request that gets it. */
  readonly asking: Readonly<Record<string, string>>;
}

let opened: Promise<DictionaryCodec> | undefined;

/** What makes deltas and decodes them, opened once. */
export function dictionaryCodec(): Promise<DictionaryCodec> {
  return (opened ??= openDictionaryCodec());
}

/**
 * Puts the difference between two versions of an asset where releases put it, as they do.
 *
 * @param folder - that of a fingerprint
 */
export async function placeDelta(
  folder: string,
  asset: string,
  older: string | Buffer,
  newer: string | Buffer,
): Promise<PlacedDelta> {
  const delta = makeDelta(Buffer.from(older), Buffer.from(newer), await dictionaryCodec(), await xxhash());
  if (delta === undefined) throw new Error(`There is no delta of ${asset}.`);
  return putDelta(folder, asset, delta);
}

/** As {@link placeDelta}, whatever the delta's bytes are. */
export async function putDelta(
  folder: string,
  asset: string,
  { dictionary, bytes: content }: Delta,
): Promise<PlacedDelta> {
  const bytes = Buffer.from(content);
  const file = join(folder, deltaName(asset, dictionary));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  const digest = (await xxhash()).create64().update(bytes).digest();
  const time = timeOfContent(hexadecimal(digest));
  await utimes(file, time, time);
  const asking = { 'available-dictionary': `:${dictionary}:`, 'accept-encoding': 'gzip, br, dcz' };
  return { file, bytes, asking };
}
