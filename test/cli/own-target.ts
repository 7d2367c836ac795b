import type { ExecutionContext } from 'ava';
import type { Target } from '../../src/site.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { memoryTarget, type MemoryTarget } from '../helpers/memory-target.ts';

/** Where configurations find the targets of tests, by their folders. */
const TARGETS = new Map<string, Target>();
Reflect.set(globalThis, 'targetsOfTests', TARGETS);

/** The folder of a configuration with a site that is published to memory. */
export interface OwnSite {
  readonly cwd: string;
  readonly target: MemoryTarget;
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
  // What is no part of a target, nothing may show.
  const secrets = { password: 'secret', options: { secretAccessKey: 'secret' } };
  const target = memoryTarget({
    name: 'memory:',
    details: { shelf: 'top' },
    headers: ['content-type', 'cache-control'],
    ...secrets,
  });
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
