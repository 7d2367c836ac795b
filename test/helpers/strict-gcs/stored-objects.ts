import { createHash } from 'node:crypto';
import { refusal } from './refusal.ts';

/** The metadata of an object, as the JSON API names it; all else is refused. */
interface Metadata {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
}

/** An object of a bucket. */
export interface StoredGcsObject extends Metadata {
  readonly bytes: Buffer;
  readonly generation: number;
  readonly metageneration: number;
  /** In milliseconds since 1970. */
  readonly updated: number;
  /** One that was composed of others has no MD5. */
  readonly composite?: boolean;
}

/** A bucket's objects by their names. */
export type Bucket = Map<string, StoredGcsObject>;

const SETTABLE = [
  'contentType',
  'cacheControl',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
] as const;

let lastGeneration = 1_700_000_000_000_000;

/** Writes an object, unless its precondition fails or its MD5 is another than the one given. */
export function putObject(
  bucket: Bucket,
  name: string,
  bytes: Buffer,
  given: Readonly<Record<string, unknown>>,
  conditions: URLSearchParams,
  now: number,
): StoredGcsObject {
  checkName(name);
  checkConditions(bucket.get(name), conditions);
  const md5 = md5Of(bytes);
  const expected = given['md5Hash'];
  if (expected !== undefined && expected !== md5)
    throw refusal(
      400,
      'invalid',
      `Provided MD5 hash ${JSON.stringify(expected)} doesn't match calculated MD5 hash "${md5}".`,
    );
  lastGeneration += 1;
  const object: StoredGcsObject = {
    ...settable(given),
    bytes,
    generation: lastGeneration,
    metageneration: 1,
    updated: now,
  };
  bucket.set(name, object);
  return object;
}

/** Changes the metadata that is given; `null` clears. */
export function patchObject(
  bucket: Bucket,
  name: string,
  given: Readonly<Record<string, unknown>>,
  conditions: URLSearchParams,
  now: number,
): StoredGcsObject {
  const old = bucket.get(name);
  if (old === undefined) throw missing(name);
  checkConditions(old, conditions);
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => given[key] !== null));
  const object = {
    ...kept,
    ...settable(given),
    bytes: old.bytes,
    generation: old.generation,
    metageneration: old.metageneration + 1,
    updated: now,
  };
  bucket.set(name, object);
  return object;
}

/** Refuses a request whose precondition does not hold; generation 0 means that there is no object. */
export function checkConditions(object: StoredGcsObject | undefined, conditions: URLSearchParams): void {
  const generation = conditions.get('ifGenerationMatch');
  const metageneration = conditions.get('ifMetagenerationMatch');
  const holds =
    (generation === null || Number(generation) === (object?.generation ?? 0)) &&
    (metageneration === null || Number(metageneration) === object?.metageneration);
  if (!holds)
    throw refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
}

/** @see https://cloud.google.com/storage/docs/objects#naming */
function checkName(name: string): void {
  const length = Buffer.byteLength(name);
  // oxlint-disable-next-line no-control-regex
  if (length < 1 || length > 1024 || /[\r\n]/.test(name) || name === '.' || name === '..')
    throw refusal(400, 'invalid', `Invalid object name: ${JSON.stringify(name)}.`);
}

function settable(given: Readonly<Record<string, unknown>>): Metadata {
  const pairs = SETTABLE.flatMap((key) => (typeof given[key] === 'string' ? [[key, given[key]]] : []));
  return Object.fromEntries(pairs);
}

/** The error for an object that is not there. */
export function missing(name: string): Error {
  return refusal(404, 'notFound', `No such object: ${name}`);
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

/** An object as the JSON API tells of it. */
export function resourceOf(bucket: string, name: string, object: StoredGcsObject): Record<string, unknown> {
  const { bytes, generation, metageneration, updated, composite, ...metadata } = object;
  return {
    kind: 'storage#object',
    bucket,
    name,
    ...metadata,
    size: `${bytes.length}`,
    generation: `${generation}`,
    metageneration: `${metageneration}`,
    updated: new Date(updated).toISOString(),
    ...(composite === true ? { componentCount: 2 } : { md5Hash: md5Of(bytes) }),
  };
}
