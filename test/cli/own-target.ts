import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import type { StoredObject, Target, TargetContent, TargetHeaders } from '../../src/site.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** An object in memory. */
interface Kept extends StoredObject {
  readonly bytes: Uint8Array;
}

/** A target as a user may write one, in memory. */
export interface OwnTarget extends Target {
  readonly objects: Map<string, Kept>;
  /** What happens before an object is written. */
  beforeWrite: (key: string) => void;
}

export function ownTarget(): OwnTarget {
  const objects = new Map<string, Kept>();
  let writes = 0;
  const keep = async (key: string, content: TargetContent, headers: TargetHeaders) => {
    target.beforeWrite(key);
    const bytes = await content.bytes();
    const tag = createHash('md5').update(bytes).digest('hex');
    writes += 1;
    const revision = String(writes);
    objects.set(key, {
      key,
      bytes,
      size: bytes.length,
      tag,
      md5: tag,
      headers,
      revision,
      modifiedAt: writes,
    });
    return { tag };
  };
  const target: OwnTarget & { readonly password: string } = {
    name: 'memory:',
    details: { shelf: 'top' },
    // Nothing may show it.
    password: 'secret',
    publicUrl: false,
    headers: ['content-type', 'cache-control'],
    objects,
    beforeWrite: () => {},
    async *list() {
      for (const { bytes: _bytes, headers: _headers, ...listed } of objects.values()) yield listed;
    },
    inspect: async (key) => objects.get(key),
    read: async (key) => objects.get(key),
    write: keep,
    writeIf: async (key, content, headers, condition) => {
      const there = objects.get(key)?.tag;
      return there === ('tag' in condition ? condition.tag : undefined)
        ? keep(key, content, headers)
        : undefined;
    },
    delete: async (key) => void objects.delete(key),
  };
  return target;
}

/** Where configurations find the targets of tests. */
const TARGETS = new Map<string, OwnTarget>();
Reflect.set(globalThis, 'targetsOfTests', TARGETS);

/** The folder of a configuration with a site that is published to memory. */
export interface OwnSite {
  readonly cwd: string;
  readonly target: OwnTarget;
  /** The keys of the site that are published, in order. */
  readonly published: () => string[];
}

/**
 * Writes a configuration whose site has a target in memory, for commands that run in this process.
 *
 * @param site - more options of the site, as code, which may name `target`
 */
export async function createOwnSite(
  t: ExecutionContext,
  { site = '', body = '<!doctype html><title>Home</title>' }: { site?: string; body?: string } = {},
): Promise<OwnSite> {
  const target = ownTarget();
  const cwd = await temporaryFolder(t, {
    'static-url.config.mjs': `
      import { route } from ${JSON.stringify(new URL('../../src/site/index.ts', import.meta.url).href)};
      const target = globalThis.targetsOfTests.get(import.meta.dirname);
      const app = (request, response) => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(${JSON.stringify(body)});
      };
      export default {
        app: () => app,
        site: {
          origin: 'https://www.example.com', out: 'out', routes: [route('/')], targets: { default: target }, ${site}
        },
      };`,
  });
  TARGETS.set(cwd, target);
  return {
    cwd,
    target,
    published: () => [...target.objects.keys()].filter((key) => !key.startsWith('.static-url/')).toSorted(),
  };
}
