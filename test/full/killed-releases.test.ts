import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Manifest } from '../../src/assets/manifest.ts';
import { contentOf, expectedNamesIn, leftoversIn, namesIn, SITE, versionsIn } from '../releases/tree.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import {
  releaseArguments,
  runHere,
  runUntil,
  SCENARIOS,
  type Scenario,
  type Until,
} from './release-scenarios.ts';

const MOMENTS = 50;

/** A site in three states, and what releases of all of them look like when nothing disturbs them. */
interface Sites {
  readonly folder: string;
  /** The content of a place where all have been released. */
  readonly expected: Readonly<Record<string, string>>;
  /** The content of a place where only some have, by their states. */
  readonly results: Map<string, Readonly<Record<string, string>>>;
}

async function createSites(
  t: ExecutionContext,
  extra: Readonly<Record<string, string>> = {},
): Promise<Sites> {
  const folder = await temporaryFolder(t);
  for (const state of ['0', '1', '2'])
    await writeFiles(join(folder, state), {
      ...SITE,
      ...extra,
      'js/b.js': `import './a.js';\nexport const state = ${state};\n`,
    });
  const reference = join(folder, 'reference');
  for (const state of ['0', '1', '2']) await runHere(releaseArguments(folder, reference, state));
  return { folder, expected: await contentOf(reference), results: new Map() };
}

/** Every folder that is seen is whole, every manifest is, and so is all that it names. */
async function checkWhole(
  t: ExecutionContext,
  place: string,
  { expected }: Sites,
  moment: string,
): Promise<void> {
  const content = await contentOf(place);
  const folders = new Map<string, string[]>();
  for (const name of Object.keys(content)) {
    const [, fingerprint = ''] = /^releases\/([0-9a-f]{16})(?:\/|$)/.exec(name) ?? [];
    if (fingerprint !== '') folders.set(fingerprint, [...(folders.get(fingerprint) ?? []), name]);
  }
  for (const [fingerprint, names] of folders) {
    const whole = Object.keys(expected).filter((name) => `${name}/`.startsWith(`releases/${fingerprint}/`));
    t.deepEqual(names, whole, moment);
    for (const name of names) t.is(content[name], expected[name], `${name}: ${moment}`);
  }
  const versions = await versionsIn(join(place, 'releases'));
  for (const file of versions.map((version) => `releases/.static-url/manifests/${version}.json`)) {
    t.is(content[file], expected[file], moment);
    const { assets } = JSON.parse(await readFile(join(place, file), 'utf8')) as Manifest;
    for (const { fingerprint } of Object.values(assets)) t.true(folders.has(fingerprint), moment);
  }
  const copy = content['assets.json'];
  const manifests = Object.keys(expected).filter((name) =>
    name.startsWith('releases/.static-url/manifests/'),
  );
  t.true(copy === undefined || manifests.some((name) => expected[name] === copy), moment);
}

/** Makes the state that a scenario starts from. */
async function prepare({ before }: Scenario, { folder }: Sites): Promise<string> {
  const model = join(folder, `model-${before.join('')}`);
  await mkdir(model, { recursive: true });
  if ((await readdir(model)).length === 0)
    for (const state of before) await runHere(releaseArguments(folder, model, state));
  const place = await mkdtemp(join(folder, 'place-'));
  await cp(model, place, { recursive: true, preserveTimestamps: true });
  return place;
}

async function resultOf(
  { after }: Scenario,
  { folder, results }: Sites,
): Promise<Readonly<Record<string, string>>> {
  const states = after.join('');
  const known = results.get(states);
  if (known !== undefined) return known;
  const place = join(folder, `result-${states}`);
  for (const state of after) await runHere(releaseArguments(folder, place, state));
  const result = await contentOf(place);
  results.set(states, result);
  return result;
}

async function checkKill(
  t: ExecutionContext,
  scenario: Scenario,
  sites: Sites,
  until: Until,
): Promise<boolean> {
  const { folder } = sites;
  const place = await prepare(scenario, sites);
  const argv = scenario.argv(folder, place);
  const moment = `${scenario.name} killed after ${JSON.stringify(until)}`;
  const whole = await runUntil(scenario, folder, place, until);
  await checkWhole(t, place, sites, moment);
  // A second run makes good, and leaves nothing behind.
  await runHere(argv);
  await checkWhole(t, place, sites, moment);
  t.deepEqual(await leftoversIn(join(place, 'releases')), [], moment);
  t.deepEqual((await readdir(place)).toSorted(), ['assets.json', 'releases'], moment);
  t.deepEqual(await contentOf(place), await resultOf(scenario, sites), moment);
  const releases = join(place, 'releases');
  t.deepEqual(await namesIn(releases), await expectedNamesIn(releases), moment);
  await rm(place, { recursive: true });
  return whole;
}

for (const scenario of SCENARIOS) {
  test(`${scenario.name} may be killed after each single file operation`, async (t) => {
    t.timeout(10 * 60 * 1000);
    const sites = await createSites(t);
    let count = 1;
    while (!(await checkKill(t, scenario, sites, { count }))) count += 1;
    t.log(`${count - 1} file operations`);
    t.true(count > 10);
  });

  test(`${scenario.name} may be killed at ${MOMENTS} moments`, async (t) => {
    t.timeout(10 * 60 * 1000);
    const extra = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`more/${index}.css`, `a { order: ${index} }\n`.repeat(500)]),
    );
    const sites = await createSites(t, extra);
    const start = performance.now();
    await checkKill(t, scenario, sites, {});
    const place = await prepare(scenario, sites);
    const begun = performance.now();
    await runUntil(scenario, sites.folder, place, {});
    let duration = performance.now() - begun;
    let killed = 0;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const milliseconds = Math.round(duration * (0.3 + 0.7 * Math.random()));
      if (!(await checkKill(t, scenario, sites, { milliseconds }))) killed += 1;
      // The run that was measured may have been the slowest of all.
      else if (killed === 0) duration = milliseconds;
    }
    t.log(`${killed} of ${MOMENTS} in the middle; ${Math.round((performance.now() - start) / 1000)} s`);
    t.true(killed > 0);
  });
}
