import { createHash, randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openDeltaMaker, type DeltaMaker, type DeltaVersions } from '../../src/compression/delta-maker.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runProgram } from '../helpers/run-node.ts';

const SCRIPT = createRequire(import.meta.url).resolve('three');

async function openMaker(t: ExecutionContext): Promise<DeltaMaker> {
  const maker = await openDeltaMaker();
  t.teardown(() => maker.close());
  return maker;
}

/** Two versions of a file on disk. */
async function versions(
  t: ExecutionContext,
  older: Buffer | string,
  newer: Buffer | string,
): Promise<DeltaVersions> {
  const folder = await temporaryFolder(t);
  const [dictionary, content] = [join(folder, 'older'), join(folder, 'newer')];
  await writeFile(dictionary, older);
  await writeFile(content, newer);
  return { dictionary, content };
}

/** Writes the delta of two versions beside them. */
async function deltaFile(maker: DeltaMaker, both: DeltaVersions): Promise<string> {
  const delta = await maker.make(both);
  const file = join(dirname(both.content), 'delta');
  await writeFile(file, delta?.bytes ?? []);
  return file;
}

test('a line changed in a large script costs a few hundred bytes, and so does the same script', async (t) => {
  const maker = await openMaker(t);
  const script = await readFile(SCRIPT);
  for (const newer of [`const changed = 1;\n${script.toString()}`, script]) {
    const delta = await maker.make(await versions(t, script, newer));
    t.true(delta !== undefined && delta.bytes.length < 300, String(delta?.bytes.length));
  }
});

test('a delta names its dictionary, and is decoded by the reference program', async (t) => {
  const maker = await openMaker(t);
  const older = randomBytes(5000);
  const both = await versions(t, older, Buffer.concat([older, Buffer.from('and more')]));
  const delta = await maker.make(both);
  const digest = createHash('sha256').update(older).digest();
  t.is(delta?.dictionary, digest.toString('base64'));
  t.deepEqual(Buffer.from(delta?.bytes ?? []).subarray(8, 40), digest);
  const file = await deltaFile(maker, both);
  const decoded = `${file}.decoded`;
  const { code, stderr } = await runProgram('zstd', ['-d', '-D', both.dictionary, '-o', decoded, file]);
  t.is(code, 0, stderr);
  t.deepEqual(await readFile(decoded), await readFile(both.content));
});

test('a delta carries a checksum of what it makes, so that a damaged one is told', async (t) => {
  const maker = await openMaker(t);
  const both = await versions(t, randomBytes(5000), randomBytes(5000));
  const file = await deltaFile(maker, both);
  t.true(await maker.holds(file, both));
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(file, bytes);
  const { stderr } = await runProgram('zstd', ['-t', '-D', both.dictionary, file]);
  t.regex(stderr, /checksum/);
  t.false(await maker.holds(file, both));
});

test('no delta that is cut short, of another dictionary or for another content is right', async (t) => {
  const maker = await openMaker(t);
  const [older, other] = [randomBytes(5000), randomBytes(5000)];
  const both = await versions(t, older, Buffer.concat([older, Buffer.from('!')]));
  const file = await deltaFile(maker, both);
  const wrong = await versions(t, other, other);
  t.true(await maker.holds(file, both));
  t.false(await maker.holds(file, { ...both, dictionary: wrong.dictionary }));
  t.false(await maker.holds(file, { ...both, content: wrong.content }));
  t.false(await maker.holds(`${file}.gone`, both));
  for (const length of [60, 40, 0]) {
    await truncate(file, length);
    t.false(await maker.holds(file, both), String(length));
  }
});

test('there is no delta of an older version that is gone or no dictionary, nor of what is over 8 MiB', async (t) => {
  const maker = await openMaker(t);
  const content = randomBytes(5000);
  const tables = Buffer.concat([Buffer.from('37a430ec', 'hex'), content]);
  const long = Buffer.alloc(8 * 1024 * 1024 + 1);
  for (const [older, newer] of [
    [tables, content],
    ['short', content],
    ['', content],
    [long, content],
    [content, long],
  ] as const)
    t.is(await maker.make(await versions(t, older, newer)), undefined);
  const both = await versions(t, content, content);
  t.is(await maker.make({ ...both, dictionary: `${both.dictionary}.gone` }), undefined);
  t.is(await maker.make({ ...both, dictionary: dirname(both.dictionary) }), undefined);
  t.not(await maker.make(both), undefined);
});

test('an empty file can be made from an older version', async (t) => {
  const maker = await openMaker(t);
  const both = await versions(t, randomBytes(5000), '');
  t.true(await maker.holds(await deltaFile(maker, both), both));
});

const MAKER = new URL('../../dist/compression/delta-maker.js', import.meta.url).href;

/** What a program prints that is given as text. */
async function printedBy(program: string): Promise<string> {
  const args = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = await runProgram(process.execPath, args);
  return stdout || stderr;
}

test('threads make deltas for a program that is given as text', async (t) => {
  const content = randomBytes(5000);
  const both = await versions(t, content, content);
  const printed = await printedBy(`
    import { openDeltaMaker } from ${JSON.stringify(MAKER)};
    const maker = await openDeltaMaker();
    const delta = await maker.make(${JSON.stringify(both)});
    await maker.close();
    process.stdout.write(String(delta.bytes.length < 200));
  `);
  t.is(printed, 'true');
});

test('a thread makes one delta after another, also when it has to wait for the next', async (t) => {
  const content = randomBytes(5000);
  const both = await versions(t, content, content);
  const printed = await printedBy(`
    import { setTimeout } from 'node:timers/promises';
    import { Worker } from 'node:worker_threads';
    import { openDeltaMaker } from ${JSON.stringify(MAKER)};
    // Threads are counted through.
    const countThreads = () => new Worker('', { eval: true, execArgv: [] }).threadId;
    const maker = await openDeltaMaker();
    const before = countThreads();
    for (let count = 0; count < 4; count += 1) {
      await maker.make(${JSON.stringify(both)});
      await setTimeout(20);
    }
    process.stdout.write(String(countThreads() - before - 1));
    await maker.close();
  `);
  t.is(printed, '1');
});
