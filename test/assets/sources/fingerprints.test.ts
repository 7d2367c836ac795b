import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path/posix';
import test from 'ava';
import fc from '../../helpers/fast-check.ts';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { parsePrefix } from '../../../src/core/prefix.ts';
import { reachOf, type ModulesMode } from '../../../src/assets/asset-index.ts';
import { fingerprintAssets, type AssetNode } from '../../../src/assets/sources/fingerprints.ts';
import { indexSources, type IndexedSources } from '../../../src/assets/sources/index-sources.ts';
import type { ReferenceKind } from '../../../src/assets/references/reference.ts';
import type { SourceFile } from '../../../src/assets/sources/source-file.ts';
import { unitsOf, type Units } from '../../../src/assets/units.ts';

let hashes: XXHashAPI;
test.before(async () => {
  hashes = await xxhash();
});

/** A file of a made-up site: what its bytes are, and what it refers to. */
interface Node {
  readonly content: number;
  readonly references: readonly (readonly [ReferenceKind, string])[];
}

type Graph = Readonly<Record<string, Node>>;

function index(graph: Graph, modules: ModulesMode, units: Units = []): IndexedSources {
  const sources = Object.entries(graph).map(([name, { content, references }]): [string, SourceFile] => [
    name,
    {
      name,
      file: `/srv/${name}`,
      signature: { size: 1, mtimeMs: 0, ctimeMs: 0, ino: 0, isFresh: false },
      hash: hashes.h64(`${content} ${references.join(' ')}`),
      references: references.map(([kind, target]) => ({
        kind,
        specifier: `./${relative(dirname(name), target)}`,
        offset: 0,
      })),
      isWebManifest: false,
    },
  ]);
  return indexSources(
    new Map(sources),
    { modules, prefix: parsePrefix('/static/'), imports: undefined, units },
    hashes,
  );
}

function fingerprintsOf(graph: Graph, modules: ModulesMode, units: Units = []): Map<string, string> {
  const { assets } = index(graph, modules, units).index;
  return new Map([...assets.values()].map(({ name, fingerprint }) => [name, fingerprint]));
}

const KINDS: readonly ReferenceKind[] = [
  'import',
  'dynamic-import',
  'resource',
  'style-import',
  'link',
  'source-map',
];

const FOLDERS = ['', 'a/', 'a/b/', 'c/'];

const graphs = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const names = Array.from(
    { length: count },
    (_, number) => `${FOLDERS[number % FOLDERS.length]}${number}.js`,
  );
  const reference = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...names));
  const node = fc.record({ content: fc.nat(3), references: fc.array(reference, { maxLength: 3 }) });
  const together = fc.subarray(['a/', 'a/b/', 'c/']);
  return fc
    .tuple(fc.tuple(...names.map(() => node)), fc.constantFrom(...names), together, fc.nat(19))
    .map(([nodes, changed, folders, whole]) => ({
      graph: Object.fromEntries(names.map((name, number) => [name, nodes[number]])) as Graph,
      changed,
      units: unitsOf(whole === 0 ? ['./', ...folders] : folders),
    }));
});

/** The files that share a unit with a file, in the order of a graph. */
function unitOfFile(graph: Graph, name: string, units: Units): string[] {
  return units
    .filter((unit) => name.startsWith(unit))
    .flatMap((unit) => Object.keys(graph).filter((each) => each.startsWith(unit)));
}

/** All that a browser can reach without an import map, in any number of steps. */
function follow(graph: Graph, names: Iterable<string>, units: Units): Set<string> {
  const reached = new Set(names);
  for (const name of reached) {
    for (const [, target] of graph[name]?.references ?? []) reached.add(target);
    for (const other of unitOfFile(graph, name, units)) reached.add(other);
  }
  return reached;
}

const isImport = (kind: ReferenceKind): boolean => kind === 'import' || kind === 'dynamic-import';

/** What the fingerprint of a file covers, said plainly. */
function reachByRule(graph: Graph, start: string, modules: ModulesMode, units: Units = []): Set<string> {
  if (modules === 'importmap') return askedFor(graph, start, modules, units);
  const reached = new Set([start]);
  for (const name of reached) {
    for (const each of follow(graph, [name], units)) reached.add(each);
    // A module and its importers, in any direction, are one group.
    for (const [other, { references }] of Object.entries(graph)) {
      if (references.some(([kind, target]) => isImport(kind) && target === name)) reached.add(other);
    }
  }
  return reached;
}

/** What a browser can ask for that was given a file under its fingerprint, with the import map that there may be. */
function askedFor(graph: Graph, start: string, modules: ModulesMode, units: Units = []): Set<string> {
  // Whatever is part of a unit may run in a worker, where no import map is.
  if (modules === 'group' || unitOfFile(graph, start, units).length > 0) return follow(graph, [start], units);
  const fetched = graph[start]?.references.filter(([kind]) => !isImport(kind)) ?? [];
  const targets = fetched.map(([, target]) => target);
  return new Set([start, ...follow(graph, targets, units)]);
}

for (const modules of ['group', 'importmap'] as const) {
  test(`a changed file renews exactly the fingerprints that reach it (modules: '${modules}')`, (t) => {
    fc.assert(
      fc.property(graphs, ({ graph, changed, units }) => {
        const before = fingerprintsOf(graph, modules, units);
        const node = graph[changed] as Node;
        const after = fingerprintsOf(
          { ...graph, [changed]: { ...node, content: node.content + 10 } },
          modules,
          units,
        );
        for (const name of Object.keys(graph)) {
          const reaches = reachByRule(graph, name, modules, units).has(changed);
          t.is(before.get(name) !== after.get(name), reaches, `${name} by ${changed}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test(`reachOf() is all that a browser can ask for, and nothing that the fingerprint does not cover (modules: '${modules}')`, (t) => {
    fc.assert(
      fc.property(graphs, ({ graph, units }) => {
        const made = index(graph, modules, units).index;
        for (const [name, { fingerprint }] of made.assets) {
          const members = made.members.get(fingerprint) ?? [];
          const asked = new Set(members.flatMap((each) => [...askedFor(graph, each, modules, units)]));
          t.deepEqual([...reachOf(made, fingerprint)].toSorted(), [...asked].toSorted(), name);
          const covered = reachByRule(graph, name, modules, units);
          t.true(
            [...asked].every((each) => covered.has(each)),
            name,
          );
          t.deepEqual([...reachOf(made, fingerprint)].slice(0, members.length), [...members]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test(`the order of files and references does not matter (modules: '${modules}')`, (t) => {
    fc.assert(
      fc.property(graphs, ({ graph, units }) => {
        const reversed = Object.fromEntries(Object.entries(graph).toReversed());
        t.deepEqual(
          Object.fromEntries(fingerprintsOf(reversed, modules, units)),
          Object.fromEntries(fingerprintsOf(graph, modules, units)),
        );
      }),
      { numRuns: 500 },
    );
  });
}

test('a module has for workers the fingerprint of its group, which reaches all that a worker asks for', (t) => {
  fc.assert(
    fc.property(graphs, ({ graph, changed, units }) => {
      const made = index(graph, 'importmap', units).index;
      const grouped = fingerprintsOf(graph, 'group', units);
      const node = graph[changed] as Node;
      const edited = { ...graph, [changed]: { ...node, content: node.content + 10 } };
      const after = index(edited, 'importmap', units).index.assets;
      for (const [name, { fingerprint, workerFingerprint = fingerprint }] of made.assets) {
        const isUnit = unitOfFile(graph, name, units).length > 0;
        const imports = graph[name]?.references.some(([kind]) => isImport(kind)) ?? false;
        t.is(workerFingerprint, (imports && !isUnit ? grouped.get(name) : undefined) ?? fingerprint, name);
        const reach = reachOf(made, workerFingerprint);
        const asked = [...askedFor(graph, name, 'group', units)];
        t.deepEqual(
          asked.filter((each) => !reach.has(each)),
          [],
          name,
        );
        const renewed = after.get(name);
        if (reach.has(changed)) t.not(renewed?.workerFingerprint ?? renewed?.fingerprint, workerFingerprint);
      }
      t.true(
        [...index(graph, 'group', units).index.assets.values()].every(
          (each) => !('workerFingerprint' in each),
        ),
      );
    }),
    { numRuns: 1000 },
  );
});

test('files of a unit share one fingerprint, and a unit within a unit is part of it', (t) => {
  fc.assert(
    fc.property(graphs, ({ graph, units }) => {
      for (const modules of ['group', 'importmap'] as const) {
        const fingerprints = fingerprintsOf(graph, modules, units);
        for (const name of Object.keys(graph))
          for (const other of unitOfFile(graph, name, units))
            t.is(fingerprints.get(other), fingerprints.get(name), `${name} and ${other}`);
      }
    }),
    { numRuns: 500 },
  );
});

test('modules that import each other share one fingerprint in a group, and have one each with an import map', (t) => {
  const graph: Graph = {
    'a.js': { content: 1, references: [['import', 'b.js']] },
    'b.js': { content: 2, references: [] },
    'c.js': { content: 3, references: [['dynamic-import', 'b.js']] },
    'app.css': { content: 4, references: [] },
  };
  t.is(new Set(fingerprintsOf(graph, 'group').values()).size, 2);
  t.is(new Set(fingerprintsOf(graph, 'importmap').values()).size, 4);
});

test('a cycle of references has one fingerprint', (t) => {
  const graph: Graph = {
    'a.css': { content: 1, references: [['style-import', 'b.css']] },
    'b.css': { content: 2, references: [['style-import', 'a.css']] },
  };
  for (const modules of ['group', 'importmap'] as const)
    t.is(new Set(fingerprintsOf(graph, modules).values()).size, 1);
});

test('with an import map a worker brings its imports along under the fingerprint of who starts it', (t) => {
  const graph: Graph = {
    'main.js': {
      content: 1,
      references: [
        ['resource', 'worker.js'],
        ['import', 'shared.js'],
      ],
    },
    'worker.js': { content: 2, references: [['import', 'shared.js']] },
    'shared.js': { content: 3, references: [] },
    'other.js': { content: 4, references: [['import', 'shared.js']] },
  };
  const before = index(graph, 'importmap').index;
  const { fingerprint } = before.assets.get('main.js') as { fingerprint: string };
  t.deepEqual([...reachOf(before, fingerprint)].toSorted(), ['main.js', 'shared.js', 'worker.js']);
  const after = fingerprintsOf({ ...graph, 'shared.js': { content: 5, references: [] } }, 'importmap');
  t.not(after.get('main.js'), fingerprint);
  t.is(after.get('other.js'), before.assets.get('other.js')?.fingerprint);
});

test('a chain of 20,000 references, and a group of as many modules, are not too deep', (t) => {
  for (const kind of ['resource', 'import'] as const) {
    const chain: Record<string, Node> = {};
    for (let number = 0; number < 20_000; number += 1) {
      const references: Node['references'] = number === 0 ? [] : [[kind, `${number - 1}.js`]];
      chain[`${number}.js`] = { content: number, references };
    }
    t.is(new Set(fingerprintsOf(chain, 'group').values()).size, kind === 'import' ? 1 : 20_000);
  }
});

function alone(name: string, hash: bigint, covers: readonly string[] = []): [string, AssetNode] {
  return [name, { name, hash, together: [], covers }];
}

test('fingerprintAssets() digests a stream that no other set of names, bytes and fingerprints gives', (t) => {
  const streams = new Map<string, string>();
  const digest = (bytes: Uint8Array): bigint => {
    const key = Buffer.from(bytes).toString('hex');
    const value = createHash('sha256').update(key).digest('hex').slice(0, 16);
    streams.set(key, value);
    return BigInt(`0x${value}`);
  };
  const names = ['a', 'ab', 'b', 'a\0', 'é', '\0'.repeat(8)];
  for (const name of names)
    for (const hash of [0n, 1n, 0x61n]) fingerprintAssets(new Map([alone(name, hash)]), digest);
  t.is(streams.size, names.length * 3);
  fingerprintAssets(new Map([alone('a', 0n, ['b']), alone('b', 0n, [])]), digest);
  t.is(streams.size, names.length * 3 + 1);
  t.true([...streams.values()].every((value) => value.length === 16));
});

test('fingerprintAssets() frames names by their lengths in UTF-8 (the stream, byte by byte)', (t) => {
  const streams: string[] = [];
  const node: AssetNode = { name: 'é.png', hash: 0x0102030405060708n, together: [], covers: [] };
  const digest = (bytes: Uint8Array): bigint => {
    streams.push(Buffer.from(bytes).toString('hex'));
    return 0xabn;
  };
  t.deepEqual([...fingerprintAssets(new Map([['é.png', node]]), digest)], [['é.png', '00000000000000ab']]);
  t.deepEqual(streams, ['060000000807060504030201c3a92e706e6700000000']);
});
