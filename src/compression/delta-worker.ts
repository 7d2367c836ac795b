import { readFile, stat } from 'node:fs/promises';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { holdsDelta, isDictionary, LONGEST_VERSION, makeDelta, type Delta } from './delta.ts';
import type { DeltaVersions } from './delta-maker.ts';
import { openDictionaryCodec, type DictionaryCodec } from './dictionary-codec.ts';

/** What a worker thread is asked: for a delta, or with one for whether it is right. */
export interface DeltaOrder extends DeltaVersions {
  /** The path of a delta. */
  readonly delta?: string;
}

/** A delta, if there is one; or whether it is right. */
export type DeltaReply = Delta | boolean | undefined;

let tools: Promise<readonly [DictionaryCodec, XXHashAPI]> | undefined;

/** Makes or proves a delta in this thread. */
export default async function workOnDelta(order: DeltaOrder): Promise<DeltaReply> {
  tools ??= Promise.all([openDictionaryCodec(), xxhash()]);
  const [codec, hashes] = await tools;
  // A prune may have removed the older version.
  const dictionary = await readVersion(order.dictionary).catch(() => undefined);
  const content = await readVersion(order.content);
  if (dictionary === undefined || content === undefined || !isDictionary(dictionary)) return undefined;
  if (order.delta === undefined) return makeDelta(dictionary, content, codec, hashes);
  const delta = await readVersion(order.delta).catch(() => undefined);
  return delta !== undefined && holdsDelta(delta, dictionary, content, codec);
}

/** `undefined` for what is too long. */
async function readVersion(path: string): Promise<Buffer | undefined> {
  const { size } = await stat(path);
  return size > LONGEST_VERSION ? undefined : readFile(path);
}
