import type { ExecutionContext, TestFn } from 'ava';
import type { Target, TargetContent, TargetHeaders, TargetObject } from '../../../src/site/index.ts';
import { contentOf } from '../../helpers/target-content.ts';

/** What a server does not enforce: what is asked of it then is that it works where all goes well. */
export interface ContractLimits {
  /** Whether conditional writes are decided by the server. */
  readonly conditions?: boolean;
  /** Whether the server refuses bytes that have another MD5. */
  readonly md5?: boolean;
  /** Whether the server takes a file in parts. */
  readonly parts?: boolean;
  /** How many objects a page of a listing has at most; so many and some are listed. */
  readonly pageSize?: number;
}

/** Opens an empty target; given a prefix, one of several in the same bucket. */
export type OpenTarget = (t: ExecutionContext, prefix?: string) => Promise<Target> | Target;

const HEADERS: TargetHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-encoding': 'gzip',
  'content-disposition': 'inline; filename="a.html"',
  'content-language': 'de',
  location: '/elsewhere',
};

/** Keys that are easily taken for something else. */
const ODD_KEYS = [
  'a b.html',
  'a+b.html',
  'a%2Fb.html',
  '100%.html',
  'grüße/日本語.html',
  'a&b=c.html',
  'a#b.html',
  'a?b.html',
  `"'.html`,
  'a;b,c@d:e$.html',
  '(~!*).html',
  `long/${'x'.repeat(200)}/${'y'.repeat(200)}.html`,
];

/**
 * What every target has to do, one of a user's own too.
 *
 * @param name - as the titles of the tests have it
 */
export function contract(test: TestFn, name: string, open: OpenTarget, limits: ContractLimits = {}): void {
  const { conditions = true, md5 = true, parts = true, pageSize = 1000 } = limits;

  test(`${name}: what is written is read, listed and inspected, and is gone once it is deleted`, async (t) => {
    const target = await open(t);
    t.deepEqual(await listed(target), []);
    const { tag } = await target.write('a/b.html', text('hello'), wantedOf(target, HEADERS));
    t.deepEqual(textOf(await target.read('a/b.html')), 'hello');
    t.is((await target.read('a/b.html'))?.tag, tag);
    const [object] = await listed(target);
    t.like(object, { key: 'a/b.html', size: 5, tag });
    t.true(Number.isFinite(object?.modifiedAt));
    const stored = await target.inspect('a/b.html');
    t.like(stored, { key: 'a/b.html', size: 5, tag });
    t.deepEqual(stored?.headers, wantedOf(target, HEADERS));
    for (const told of [object?.md5, stored?.md5]) if (told !== undefined) t.is(told, text('hello').md5);
    await target.delete('a/b.html');
    t.deepEqual(await listed(target), []);
    t.is(await target.read('a/b.html'), undefined);
    t.is(await target.inspect('a/b.html'), undefined);
  });

  test(`${name}: deleting what is not there is no error`, async (t) => {
    const target = await open(t);
    await t.notThrowsAsync(target.delete('none.html'));
  });

  test(`${name}: another write gives another tag and another revision, and replaces all headers`, async (t) => {
    const target = await open(t);
    await target.write('a', text('one'), wantedOf(target, HEADERS));
    const [before] = await listed(target);
    const few = wantedOf(target, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
    const { tag } = await target.write('a', text('two'), few);
    const [after] = await listed(target);
    t.is(after?.tag, tag);
    t.not(after?.tag, before?.tag);
    t.not(after?.revision, before?.revision);
    t.deepEqual((await target.inspect('a'))?.headers, few);
    t.is(textOf(await target.read('a')), 'two');
  });

  test(`${name}: an empty file is one`, async (t) => {
    const target = await open(t);
    await target.write('empty', text(''), wantedOf(target, { 'content-type': 'text/plain' }));
    t.like((await listed(target))[0], { key: 'empty', size: 0 });
    t.is(textOf(await target.read('empty')), '');
  });

  test(`${name}: setHeaders() gives other headers, leaves none of before, and keeps the bytes`, async (t) => {
    const target = await open(t);
    if (target.setHeaders === undefined) {
      t.pass('its headers come with the bytes');
      return;
    }
    await target.write('a b+ü', text('hello'), wantedOf(target, HEADERS));
    const [before] = await listed(target);
    if (before === undefined) return void t.fail();
    await target.setHeaders(before, wantedOf(target, { 'content-type': 'text/plain' }));
    const stored = await target.inspect('a b+ü');
    t.deepEqual(stored?.headers, wantedOf(target, { 'content-type': 'text/plain' }));
    t.is(textOf(await target.read('a b+ü')), 'hello');
    const [after] = await listed(target);
    t.not(after?.revision, before.revision);
    t.is(after?.size, 5);
  });

  test(`${name}: setHeaders() returns the tag that the listing shows`, async (t) => {
    const target = await open(t);
    await target.write('a', text('hello'), wantedOf(target, HEADERS));
    const [before] = await listed(target);
    if (before === undefined) return void t.fail();
    const written = await target.setHeaders?.(before, wantedOf(target, { 'content-type': 'text/plain' }));
    const [after] = await listed(target);
    t.is(after?.tag, written?.tag ?? before.tag);
  });

  test(`${name}: keys with odd characters stay what they are`, async (t) => {
    const target = await open(t);
    for (const key of ODD_KEYS) await target.write(key, text(key), wantedOf(target, HEADERS));
    t.deepEqual((await listed(target)).map(({ key }) => key).toSorted(), ODD_KEYS.toSorted());
    for (const key of ODD_KEYS) {
      t.is(textOf(await target.read(key)), key);
      t.like(await target.inspect(key), { key, headers: wantedOf(target, HEADERS) });
    }
    for (const key of ODD_KEYS) await target.delete(key);
    t.deepEqual(await listed(target), []);
  });

  test(`${name}: two prefixes of one bucket never see each other`, async (t) => {
    const targets = [await open(t, 'a'), await open(t, 'ab'), await open(t, 'a/b')];
    for (const [index, target] of targets.entries()) await target.write('x', text(String(index)), {});
    const [a, ab, aSlashB] = targets;
    if (a === undefined || ab === undefined || aSlashB === undefined) return void t.fail();
    t.deepEqual(
      (await listed(ab)).map(({ key }) => key),
      ['x'],
    );
    t.deepEqual(
      (await listed(aSlashB)).map(({ key }) => key),
      ['x'],
    );
    t.false((await listed(a)).some(({ key }) => key.startsWith('..') || key.startsWith('/')));
    await ab.delete('x');
    t.is(textOf(await a.read('x')), '0');
    t.is(textOf(await aSlashB.read('x')), '2');
  });

  test(`${name}: a listing has more objects than one page`, async (t) => {
    const target = await open(t);
    const keys = Array.from({ length: pageSize + 3 }, (_, index) => `n/${index}`);
    await inGroups(keys, async (key) => void (await target.write(key, text(key), {})));
    const found = await listed(target);
    t.deepEqual(found.map(({ key }) => key).toSorted(), keys.toSorted());
  });

  if (parts)
    test(`${name}: a large file arrives whole, and no second one in its parts`, async (t) => {
      const target = await open(t);
      const bytes = largeBytes();
      const content = contentOf(bytes);
      const { tag } = await target.write('large.bin', content, wantedOf(target, HEADERS));
      const objects = await listed(target);
      t.like(objects, [{ key: 'large.bin', size: bytes.length, tag }]);
      t.deepEqual((await target.inspect('large.bin'))?.headers, wantedOf(target, HEADERS));
      t.is(contentOf((await target.read('large.bin'))?.bytes ?? Buffer.of()).md5, content.md5);
    });

  if (md5)
    test(`${name}: bytes that are not those that were meant are refused, and the object stays`, async (t) => {
      const target = await open(t);
      await target.write('a', text('hello'), {});
      const wrong: TargetContent = { ...text('other'), md5: text('hello').md5 };
      await t.throwsAsync(target.write('a', wrong, {}));
      t.is(textOf(await target.read('a')), 'hello');
      await t.throwsAsync(target.write('b', wrong, {}));
      t.is(await target.read('b'), undefined);
    });

  if (md5 && parts)
    test(`${name}: a large file that changes while it is read is refused, and the object stays`, async (t) => {
      const target = await open(t);
      await target.write('large.bin', text('old'), {});
      const meant = contentOf(largeBytes());
      const changing: TargetContent = {
        ...meant,
        bytes: async (start, end = meant.size) => {
          const piece = Buffer.from(await meant.bytes(start, end));
          return end === meant.size ? piece.fill('changed', piece.length - 7) : piece;
        },
      };
      await t.throwsAsync(target.write('large.bin', changing, {}));
      t.is(textOf(await target.read('large.bin')), 'old');
      t.is((await listed(target)).length, 1);
    });

  if (conditions) {
    test(`${name}: writeIf() writes what is absent once, and what has a tag once`, async (t) => {
      const target = await open(t);
      const { writeIf } = bound(target);
      const first = await writeIf('lock', text('1'), {}, { absent: true });
      t.truthy(first);
      t.is(await writeIf('lock', text('2'), {}, { absent: true }), undefined);
      t.is(textOf(await target.read('lock')), '1');
      const second = await writeIf('lock', text('2'), {}, { tag: first?.tag ?? '' });
      t.is((await target.read('lock'))?.tag, second?.tag);
      t.is(await writeIf('lock', text('3'), {}, { tag: first?.tag ?? '' }), undefined);
      t.is(textOf(await target.read('lock')), '2');
      await target.delete('lock');
      t.is(await writeIf('lock', text('4'), {}, { tag: second?.tag ?? '' }), undefined);
      t.is(await target.read('lock'), undefined);
    });

    test(`${name}: of twenty that write at once what is absent, one does`, async (t) => {
      const target = await open(t);
      const { writeIf } = bound(target);
      const texts = Array.from({ length: 20 }, (_, index) => text(`writer ${index}`));
      const written = await Promise.all(texts.map((each) => writeIf('lock', each, {}, { absent: true })));
      t.is(written.filter((each) => each !== undefined).length, 1);
      const winner = texts[written.findIndex((each) => each !== undefined)];
      t.is(contentOf((await target.read('lock'))?.bytes ?? Buffer.of()).md5, winner?.md5 ?? '');
    });
  }

  test(`${name}: works on after close()`, async (t) => {
    const target = await open(t);
    await target.write('a', text('a'), {});
    await target.close?.();
    t.is(textOf(await target.read('a')), 'a');
    await target.close?.();
  });
}

/** The headers among those that a target says that it keeps. */
function wantedOf({ headers: kept }: Target, headers: TargetHeaders): TargetHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name)));
}

/** A text as content. */
export function text(value: string): TargetContent {
  return contentOf(value);
}

/** All that a target lists. */
export async function listed(target: Target): Promise<TargetObject[]> {
  const objects: TargetObject[] = [];
  for await (const object of target.list()) objects.push(object);
  return objects;
}

function textOf(found: { readonly bytes: Uint8Array } | undefined): string | undefined {
  return found && Buffer.from(found.bytes).toString('utf8');
}

/** Longer than what any target uploads at once, and no multiple of its parts. */
function largeBytes(): Buffer {
  const bytes = Buffer.alloc(20 * 1024 * 1024 + 11);
  for (let index = 0; index < bytes.length; index += 1021) bytes[index] = index % 251;
  return bytes;
}

function bound(target: Target): Required<Pick<Target, 'writeIf'>> {
  const { name } = target;
  return {
    writeIf: async (key, content, headers, condition) => {
      if (target.writeIf === undefined) throw new Error(`${name} has no writeIf().`);
      return target.writeIf(key, content, headers, condition);
    },
  };
}

async function inGroups(keys: readonly string[], work: (key: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < keys.length; start += 50)
    await Promise.all(keys.slice(start, start + 50).map(work));
}
