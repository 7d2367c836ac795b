import test from 'ava';
import { resolveOptions } from '../../../src/core/options.ts';
import { isUsableKey } from '../../../src/memcached/index.ts';
import { GATE_OPTIONS, type GateOptions } from '../../../src/pages/options.ts';
import {
  decideRequest,
  isShortKey,
  keyOfUrl,
  LONG_KEY_PATTERN,
  memcachedKey,
  resolveGate,
} from '../../../src/pages/rules/index.ts';
import { resolvePages } from '../../../src/pages/resolve-pages.ts';
import { memcachedStore } from '../../../src/pages.ts';
import { urlRefusal } from '../../../src/pages/url-refusal.ts';
import fc from '../../helpers/fast-check.ts';

const SITE = 'http://www.example.com:8080';

test('memcachedKey() is the prefix, the host with its port, and the target', (t) => {
  t.is(
    memcachedKey('pages:', { site: SITE, target: '/blog?page=2' }),
    'pages:www.example.com+8080/blog?page=2',
  );
});

/** Keys about as long as they may be, with few or many `%`. */
const KEYS: fc.Arbitrary<string> = fc
  .tuple(fc.nat(51), fc.integer({ min: -4, max: 4 }), fc.boolean())
  .map(([escaped, excess, isFirst]) => {
    const plain = 'a'.repeat(Math.max(0, 250 + excess - 5 * escaped));
    const codes = '%C3'.repeat(escaped);
    return isFirst ? codes + plain : plain + codes;
  })
  .filter((key) => key !== '');

/** What nginx's engine has and JavaScript has not; with keys this short it makes no difference to the result. */
const LONG_KEY = new RegExp(LONG_KEY_PATTERN.replaceAll('*+', '*'));

test('isShortKey() takes the keys that memcached takes as nginx sends them, and the pattern for nginx all others', (t) => {
  fc.assert(
    fc.property(
      KEYS,
      (key) => isShortKey(key) === isUsableKey(key) && LONG_KEY.test(key) !== isShortKey(key),
    ),
    { numRuns: 2000 },
  );
  t.pass();
});

test('the gate refuses what the store takes no key of, and says to whom it goes', (t) => {
  const options: GateOptions = { sites: [SITE], urls: ['/:slug'], bypassCookies: ['session'] };
  const rules = resolveGate(
    resolveOptions<GateOptions, 'bypassCookies' | 'ignoreQuery'>('test()', options, GATE_OPTIONS),
    (key) => isShortKey(memcachedKey('pages:', key)),
  );
  const room = 250 - memcachedKey('pages:', { site: SITE, target: '/' }).length;
  const decide = (target: string): unknown =>
    decideRequest(
      { method: 'GET', target, headers: { host: 'www.example.com:8080' }, httpVersionMajor: 1 },
      rules,
    );
  for (const target of [`/${'a'.repeat(room)}`, `/${'a'.repeat(room - 5)}%C3`]) {
    t.deepEqual(decide(target), { kind: 'page', key: { site: SITE, target } });
    t.deepEqual(decide(`${target}a`), { kind: 'bypass', reason: 'KEY_LENGTH' });
  }
  const published = keyOfUrl(`/${'a'.repeat(room + 1)}`, rules);
  t.deepEqual(published, { kind: 'bypass', reason: 'KEY_LENGTH' });
  t.regex(urlRefusal({ reason: 'KEY_LENGTH' }).detail, /250 bytes.*Give it a shorter URL/);
});

test('createPages() asks the store which keys it takes', (t) => {
  const kept = memcachedStore({ servers: ['127.0.0.1:11211'], ttlSeconds: 60, keyPrefix: 'x' });
  const { rules, anyUrl } = resolvePages({ sites: [SITE], urls: ['/*rest'], store: kept });
  const room = 250 - memcachedKey('x', { site: SITE, target: '/' }).length;
  for (const each of [rules, anyUrl]) {
    t.is(keyOfUrl(`/${'a'.repeat(room)}`, each).kind, 'page');
    t.like(keyOfUrl(`/${'a'.repeat(room + 1)}`, each), { reason: 'KEY_LENGTH' });
  }
});
