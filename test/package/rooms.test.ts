import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import { readPage } from './documentation.ts';

const CHECKOUT = new URL('../../', import.meta.url);

interface LintOverride {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, readonly [string, { readonly patterns: readonly Pattern[] }]>>;
}

interface Pattern {
  /** What a room may not import. */
  readonly regex?: string;
}

test('the map of the rooms in CONTRIBUTING.md has every room, with the arrows that the lint rules hold', async (t) => {
  const { markdown } = await readPage('CONTRIBUTING.md');
  const map = Object.fromEntries(
    [...markdown.matchAll(/^\| `(\w+)` +\|[^|]*\|([^|]*)\|$/gm)].map(([, room = '', arrows = '']) => [
      room,
      [...arrows.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).toSorted(),
    ]),
  );
  const entries = await readdir(new URL('src/', CHECKOUT), { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const { overrides } = JSON.parse(await readFile(new URL('.oxlintrc.json', CHECKOUT), 'utf8')) as {
    overrides: LintOverride[];
  };
  t.deepEqual(
    map,
    Object.fromEntries(
      rooms.map((room) => [room, rooms.filter((other) => mayImport(overrides, room, other))]),
    ),
  );
});

function mayImport(overrides: readonly LintOverride[], room: string, other: string): boolean {
  const rules = overrides.find(({ files }) => files.includes(`src/${room}/**`))?.rules;
  const patterns = rules?.['no-restricted-imports']?.[1].patterns ?? [];
  return (
    room !== other &&
    !patterns.some(({ regex }) => regex !== undefined && new RegExp(regex).test(`../${other}/index.ts`))
  );
}
