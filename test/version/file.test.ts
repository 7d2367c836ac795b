import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { getStaticUrlFile, StaticUrlError } from '../../src/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { closeUntilEnd, DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue, runProgram } from '../helpers/run-node.ts';

/** The built package: what the loader of TypeScript does of its own depends on what it has in its cache by then. */
const BUILT = new URL('../../dist/index.js', import.meta.url).href;

/** A sentinel whose times are known to the nanosecond. */
async function createSentinel(t: ExecutionContext): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder(t, { deployed: 'v1\n' });
  const file = join(folder, 'deployed');
  touch('-a', file, '1600000000.000000001');
  touch('-m', file, '1700000000.123456789');
  return { folder, file };
}

function touch(which: '-a' | '-m', file: string, seconds: string): void {
  execFileSync('touch', [which, '--date', `@${seconds}`, file]);
}

/** JavaScript that prints the URL of a sentinel. */
function printUrl(file: string): string {
  return `console.log(JSON.stringify(api.getStaticUrlFile('/static/', ${JSON.stringify(file)}, { time: 'mtime' })))`;
}

test('getStaticUrlFile() with mtime is the digest of the last change in nanoseconds', async (t) => {
  const { file } = await createSentinel(t);
  // printf 1700000000123456789 | sha256sum
  t.is(getStaticUrlFile('/static/', file, { time: 'mtime' }), '/static/150068b7aa68056a/');
  t.is(getStaticUrlFile('/static/', file, { time: 'mtime', secret: 'pepper' }), '/static/9b3364ac73e18669/');
  t.is(getStaticUrlFile('/static/', file, { time: 'mtime', hash: false }), '/static/2023111422132012/');
  touch('-m', file, '1700000000.123456790');
  t.is(getStaticUrlFile('/static/', file, { time: 'mtime' }), '/static/8973f3464f76ad28/');
});

test('getStaticUrlFile() takes the last access by default, as the classic does', async (t) => {
  const { file } = await createSentinel(t);
  const first = getStaticUrlFile('/static/', file);
  t.is(first, getStaticUrlFile('/static/', file, { time: 'atime' }));
  touch('-m', file, '1800000000');
  t.is(getStaticUrlFile('/static/', file), first);
  touch('-a', file, '1600000000.000000002');
  t.not(getStaticUrlFile('/static/', file), first);
  touch('-a', file, '1700000000.123456789');
  t.is(getStaticUrlFile('/static/', file), '/static/150068b7aa68056a/');
});

test('getStaticUrlFile() with mtime keeps its URL while the file is only read, also through another name', async (t) => {
  const { folder, file } = await createSentinel(t);
  await link(file, join(folder, 'hard'));
  await symlink(file, join(folder, 'soft'));
  const mtime = (name: string): string => getStaticUrlFile('/static/', join(folder, name), { time: 'mtime' });
  for (const name of ['deployed', 'hard', 'soft']) {
    t.is(await readFile(join(folder, name), 'utf8'), 'v1\n');
    await chmod(join(folder, name), 0o640);
    touch('-a', join(folder, name), '1900000000');
    t.is(mtime('deployed'), '/static/150068b7aa68056a/');
    t.is(mtime(name), '/static/150068b7aa68056a/');
  }
});

test('getStaticUrlFile() with mtime has another URL once the file is touched or written', async (t) => {
  const { file } = await createSentinel(t);
  const mtime = (): string => getStaticUrlFile('/static/', file, { time: 'mtime' });
  const urls = [mtime()];
  execFileSync('touch', [file]);
  urls.push(mtime());
  await utimes(file, 1, 1);
  urls.push(mtime());
  await writeFile(file, 'v1\n');
  urls.push(mtime());
  t.is(new Set(urls).size, 4);
});

test('getStaticUrlFile() never opens the file: a pipe, which would block it, has a URL', async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  touch('-m', join(folder, 'pipe'), '1700000000.123456789');
  t.is(getStaticUrlFile('/static/', join(folder, 'pipe'), { time: 'mtime' }), '/static/150068b7aa68056a/');
});

test('getStaticUrlFile() needs no permission to read the file', async (t) => {
  const { folder, file } = await createSentinel(t);
  await chmod(folder, 0o755);
  await closeUntilEnd(t, file);
  const result = await runForValue<{ url: string; open: string }>(
    `import { openSync } from 'node:fs';
     ${DROP_PRIVILEGES}
     const file = ${JSON.stringify(file)};
     const url = api.getStaticUrlFile('/static/', file, { time: 'mtime' });
     try { openSync(file) } catch ({ code: open }) { console.log(JSON.stringify({ url, open })) }`,
  );
  t.deepEqual(result, { url: '/static/150068b7aa68056a/', open: 'EACCES' });
});

test('getStaticUrlFile() makes one stat call of the file system and no other', async (t) => {
  const { folder, file } = await createSentinel(t);
  const countCalls = async (calls: number): Promise<Map<string, number>> => {
    const { code, stderr } = await runProgram(process.execPath, [
      '--trace-event-categories=node.fs.sync',
      `--trace-event-file-pattern=${folder}/trace-${calls}`,
      '--input-type=module',
      '--eval',
      `import * as api from ${JSON.stringify(BUILT)};
       for (let call = 0; call < ${calls}; call += 1) api.getStaticUrlFile('/static/', ${JSON.stringify(file)})`,
    ]);
    t.is(code, 0, stderr);
    const { traceEvents } = JSON.parse(await readFile(join(folder, `trace-${calls}`), 'utf8')) as {
      traceEvents: { name: string; ph: string }[];
    };
    const counts = new Map<string, number>();
    for (const { name, ph } of traceEvents) if (ph === 'B') counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  const few = await countCalls(1);
  const many = await countCalls(101);
  const added = [...many].map(([name, count]) => [name, count - (few.get(name) ?? 0)] as const);
  t.deepEqual(
    added.filter(([, count]) => count !== 0),
    [['fs.sync.stat', 100]],
  );
});

test('getStaticUrlFile() agrees between processes of different folder, time zone and locale', async (t) => {
  const { folder, file } = await createSentinel(t);
  await mkdir(join(folder, 'sub'));
  const urls = await Promise.all([
    runForValue<string>(printUrl(file), { env: { TZ: 'Asia/Kathmandu', LC_ALL: 'C' } }),
    runForValue<string>(printUrl('deployed'), {
      cwd: folder,
      env: { TZ: 'America/St_Johns', LC_ALL: 'C.UTF-8' },
    }),
    runForValue<string>(printUrl('../deployed'), {
      cwd: join(folder, 'sub'),
      env: { NODE_APP_INSTANCE: '3' },
    }),
  ]);
  t.deepEqual(
    urls,
    Array.from({ length: 3 }, () => '/static/150068b7aa68056a/'),
  );
});

test('getStaticUrlFile() takes a file: URL', async (t) => {
  const folder = await temporaryFolder(t, { 'with space': '' });
  const file = join(folder, 'with space');
  t.is(getStaticUrlFile('/s/', pathToFileURL(file)), getStaticUrlFile('/s/', file));
  t.throws(() => getStaticUrlFile('/s/', new URL('https://me:pass@example.com/deployed')), {
    instanceOf: TypeError,
    message: 'The sentinel file is a path or a "file:" URL, not a URL of "https:".',
  });
});

test('getStaticUrlFile() says which sentinel it cannot find, and from where', async (t) => {
  const folder = await temporaryFolder(t);
  const absolute = t.throws(() => getStaticUrlFile('/static/', join(folder, 'gone')), {
    instanceOf: StaticUrlError,
    code: 'FILE_NOT_FOUND',
  });
  t.true(absolute.message.includes(JSON.stringify(join(folder, 'gone'))), absolute.message);
  t.is((absolute.cause as NodeJS.ErrnoException).code, 'ENOENT');
  const relative = t.throws(() => getStaticUrlFile('/static/', 'no/such/sentinel'), {
    code: 'FILE_NOT_FOUND',
  });
  t.true(
    relative.message.includes(`"no/such/sentinel" from ${JSON.stringify(process.cwd())}`),
    relative.message,
  );
});

test('getStaticUrlFile() refuses a folder, whose times move with its entries', async (t) => {
  const folder = await temporaryFolder(t);
  t.throws(() => getStaticUrlFile('/static/', folder), { code: 'FILE_UNREADABLE', message: /is a folder/ });
});

test('getStaticUrlFile() tells a sentinel that it may not reach from one that is missing', async (t) => {
  const { folder, file } = await createSentinel(t);
  await mkdir(join(folder, 'closed'));
  await closeUntilEnd(t, join(folder, 'closed'));
  await chmod(folder, 0o755);
  const codes = await runForValue<string[]>(
    `${DROP_PRIVILEGES}
     const codeOf = (file) => { try { api.getStaticUrlFile('/s/', file) } catch ({ code, cause }) { return code + ' ' + cause.code } };
     console.log(JSON.stringify(${JSON.stringify([join(folder, 'closed/deployed'), join(file, 'below'), `${folder}/none`])}.map(codeOf)))`,
  );
  t.deepEqual(codes, ['FILE_UNREADABLE EACCES', 'FILE_NOT_FOUND ENOTDIR', 'FILE_NOT_FOUND ENOENT']);
});

test('getStaticUrlFile() refuses arguments of the wrong shape', async (t) => {
  const { file } = await createSentinel(t);
  t.throws(() => getStaticUrlFile('/static/', ''), { instanceOf: TypeError });
  t.throws(() => getStaticUrlFile('/static/', undefined as never), { instanceOf: TypeError });
  t.throws(() => getStaticUrlFile('/static/', `${file}\0`), {
    instanceOf: TypeError,
    message: /^The sentinel file is ".*\\u0000": no path may have a NUL character/,
  });
  t.throws(() => getStaticUrlFile('static/', file), {
    instanceOf: TypeError,
    message: /Did you mean "\/static\/"\?/,
  });
  t.throws(() => getStaticUrlFile('/static/', file, { time: 'ctime' as never }), {
    instanceOf: TypeError,
    message: 'The option "time" is "atime" or "mtime", not "ctime".',
  });
});
