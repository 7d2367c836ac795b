import { createHash } from 'node:crypto';
import type { Target, TargetHeaders, TargetObject } from '../../src/site/index.ts';

/** An object in memory. */
interface MemoryObject extends TargetObject {
  readonly bytes: Uint8Array;
  readonly headers: TargetHeaders;
}

/** A target in memory, made as a user would make one, and what a test may look at and change. */
export interface MemoryTarget extends Target {
  readonly objects: Map<string, MemoryObject>;
  /** What was asked, in order: `write index.html`. */
  readonly calls: string[];
  /** The target's own clock, in milliseconds since 1970. */
  now: number;
  /** Called before each call; it may throw, or do what others do meanwhile. */
  before: (call: string) => void | Promise<void>;
  /** Writes as another program would. */
  put(key: string, text: string, headers?: TargetHeaders): void;
  /** The text of an object. */
  text(key: string): string | undefined;
}

/** Makes a target in memory. */
export function memoryTarget(options: Partial<Target> = {}): MemoryTarget {
  const objects = new Map<string, MemoryObject>();
  const calls: string[] = [];
  let writes = 0;
  const store = (key: string, bytes: Uint8Array, headers: TargetHeaders): { tag: string } => {
    const md5 = createHash('md5').update(bytes).digest('hex');
    const object = {
      key,
      size: bytes.length,
      tag: md5,
      revision: String((writes += 1)),
      md5,
      headers,
      bytes,
    };
    objects.set(key, { ...object, modifiedAt: (target.now += 1) });
    return { tag: md5 };
  };
  const asked = async (call: string): Promise<void> => {
    calls.push(call);
    await target.before(call);
  };
  const target: MemoryTarget = {
    name: 'memory://test/',
    headers: ['content-type', 'cache-control', 'location'],
    publicUrl: false,
    objects,
    calls,
    now: Date.UTC(2026, 0, 1),
    before: () => {},
    put: (key, text, headers = {}) => void store(key, Buffer.from(text), headers),
    text: (key) => {
      const object = objects.get(key);
      return object && Buffer.from(object.bytes).toString('utf8');
    },
    async *list() {
      await asked('list');
      for (const { bytes: _bytes, headers: _headers, ...object } of objects.values()) yield object;
    },
    async inspect(key) {
      await asked(`inspect ${key}`);
      return objects.get(key);
    },
    async read(key) {
      await asked(`read ${key}`);
      return objects.get(key);
    },
    async write(key, content, headers) {
      await asked(`write ${key}`);
      const bytes = await content.bytes();
      if (createHash('md5').update(bytes).digest('hex') !== content.md5)
        throw new Error('These are other bytes.');
      return store(key, bytes, headers);
    },
    async writeIf(key, content, headers, condition) {
      await asked(`writeIf ${key}`);
      const bytes = await content.bytes();
      const tag = objects.get(key)?.tag;
      const isMet = 'absent' in condition ? tag === undefined : tag === condition.tag;
      return isMet ? store(key, bytes, headers) : undefined;
    },
    async setHeaders({ key }, headers) {
      await asked(`setHeaders ${key}`);
      return store(key, objects.get(key)?.bytes ?? Buffer.of(), headers);
    },
    async delete(key) {
      await asked(`delete ${key}`);
      objects.delete(key);
    },
    ...options,
  };
  return target;
}
