import test from 'ava';
import fc from '../helpers/fast-check.ts';
import { parsePrefix } from '../../src/core/prefix.ts';
import { getStaticUrlNow } from '../../src/index.ts';

const ACCEPTED: readonly (readonly [given: string, href: string, decodedPath: string])[] = [
  ['/', '/', '/'],
  ['/static', '/static/', '/static/'],
  ['/static/', '/static/', '/static/'],
  ['/a/b/c', '/a/b/c/', '/a/b/c/'],
  ['/.static/v1.2/', '/.static/v1.2/', '/.static/v1.2/'],
  ['/stätic/', '/st%C3%A4tic/', '/stätic/'],
  ['/st%c3%a4tic', '/st%c3%a4tic/', '/stätic/'],
  ['/a&b;c=d@e:$f!(g)*,+~/', '/a&b;c=d@e:$f!(g)*,+~/', '/a&b;c=d@e:$f!(g)*,+~/'],
  ['/100%25/', '/100%25/', '/100%/'],
  ['/...', '/.../', '/.../'],
  ['https://cdn.example.com', 'https://cdn.example.com/', '/'],
  ['https://cdn.example.com/static', 'https://cdn.example.com/static/', '/static/'],
  ['http://localhost:3000/static/', 'http://localhost:3000/static/', '/static/'],
  ['HTTPS://CDN.example.com/Static', 'HTTPS://CDN.example.com/Static/', '/Static/'],
  ['//cdn.example.com/static', '//cdn.example.com/static/', '/static/'],
  ['//cdn.example.com:80', '//cdn.example.com:80/', '/'],
  ['https://[2001:db8::1]:8443/s', 'https://[2001:db8::1]:8443/s/', '/s/'],
  ['https://münchen.example:8443/s', 'https://xn--mnchen-3ya.example:8443/s/', '/s/'],
  ['//münchen.example/s', '//xn--mnchen-3ya.example/s/', '/s/'],
];

const REFUSED: readonly (readonly [given: unknown, reason: RegExp])[] = [
  ['', /is empty/],
  ['static', /is relative\. Did you mean "\/static"\?/],
  ['./static', /is relative\. Give a path such as/],
  ['a//b', /is relative\. Give a path such as/],
  ['/static?v=1', /has a query/],
  ['/static?', /has a query/],
  ['/static/%3Fv', /has a query/],
  ['/static#a', /has a fragment/],
  ['/static/%23', /has a fragment/],
  ['/a/../b', /has a "\." or "\.\." segment/],
  ['/..', /has a "\." or "\.\." segment/],
  ['/a/./b', /has a "\." or "\.\." segment/],
  ['/a/%2e%2E/', /has a "\." or "\.\." segment/],
  ['https://cdn.example.com/..', /has a "\." or "\.\." segment/],
  ['/a//b', /has an empty segment/],
  ['/a//', /has an empty segment/],
  ['https://cdn.example.com//a', /has an empty segment/],
  ['/a b', /has white space/],
  [' /a', /has white space/],
  ['/a\u00a0', /has white space/],
  ['/a%20b', /has white space/],
  ['/a\n', /has a control character/],
  ['/a\t', /has a control character/],
  ['/a%0a', /has a control character/],
  ['/a\0', /has a control character/],
  ['/a\u0080', /has a control character/],
  ['/a"', /has a quote/],
  ["/a'", /has a quote/],
  ['/a`', /has a quote/],
  ['/a%22', /has a quote/],
  ['/<a', /has a quote or an angle bracket/],
  ['/a>', /has a quote or an angle bracket/],
  ['/a%3cb', /has a quote or an angle bracket/],
  ['/a\\b', /has a backslash/],
  ['\\\\host\\a', /has a backslash/],
  ['/a%5cb', /has an encoded slash or backslash/],
  ['/a%2Fb', /has an encoded slash or backslash/],
  ['/a%', /has a wrong percent-encoding/],
  ['/a%c0%ae', /has a wrong percent-encoding/],
  ['/a\ud800', /surrogate/],
  ['ftp://cdn.example.com/', /has a scheme other than http and https/],
  ['javascript:alert(1)', /has a scheme other than http and https/],
  ['data:,', /has a scheme other than http and https/],
  ['file:///static/', /has a scheme other than http and https/],
  ['https:static', /two slashes/],
  ['https:/cdn.example.com/', /two slashes/],
  ['https://', /has no valid host name/],
  ['///static/', /has no valid host name/],
  ['https://:8080/', /has no valid host name/],
  ['https://cdn.example.com:99999/', /has no valid host name/],
  ['https://user:passw0rd@cdn.example.com/', /has a user name or password/],
  ['//user@cdn.example.com/', /has a user name or password/],
  [undefined, /is a string such as "\/static\/", not undefined/],
  [null, /not null/],
  [1, /not 1/],
  [['/static/'], /not an array/],
  [new URL('https://cdn.example.com/'), /not an object of class URL/],
];

for (const [given, href, decodedPath] of ACCEPTED) {
  test(`parsePrefix() makes ${JSON.stringify(given)} the prefix ${href}`, (t) => {
    const prefix = parsePrefix(given);
    t.is(prefix.href, href);
    t.is(prefix.decodedPath, decodedPath);
    t.is(prefix.path, new URL(href, 'https://base.example').pathname);
    t.is(decodeURIComponent(prefix.path), decodedPath);
  });
}

for (const [given, reason] of REFUSED) {
  test(`parsePrefix() refuses ${typeof given} ${JSON.stringify(given)}: ${reason.source}`, (t) => {
    t.throws(() => parsePrefix(given), { instanceOf: TypeError, message: reason });
  });
}

test('parsePrefix() does not repeat a password', (t) => {
  const error = t.throws(() => parsePrefix('https://user:passw0rd@cdn.example.com/static/'));
  t.notRegex(error.message, /passw0rd/);
});

/** Texts made of what matters in a prefix, and of anything else. */
const anyPrefix = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '/',
          '//',
          '.',
          '..',
          '%2e',
          '%2f',
          '%',
          'https:',
          'http://',
          '@',
          ':',
          '[',
          ']',
          'a',
          'ä',
          '\\',
          '?',
          '|',
        ),
        fc.string({ unit: 'grapheme', maxLength: 4 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.webUrl().map((url) => url.replace(/[?#].*/, '')),
  fc.webPath(),
);

test('parsePrefix() throws nothing but a TypeError', (t) => {
  fc.assert(
    fc.property(fc.oneof(anyPrefix, fc.anything()), (prefix) => {
      try {
        parsePrefix(prefix);
      } catch (error) {
        return error instanceof TypeError && error.message.startsWith('The prefix ');
      }
      return true;
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

test('an accepted prefix and a version make a URL of ASCII under the same origin and path', (t) => {
  let accepted = 0;
  fc.assert(
    fc.property(anyPrefix, (prefix) => {
      let url: string;
      try {
        url = getStaticUrlNow(prefix);
      } catch {
        return true;
      }
      accepted += 1;
      const page = 'https://page.example/blog/';
      const given = new URL(prefix, page);
      const parsed = new URL(url, page);
      const [, path = '', version] = /^(.*\/)([0-9a-f]{16})\/$/.exec(parsed.pathname) ?? [];
      return (
        /^[!-~]+$/.test(url) &&
        version !== undefined &&
        parsed.origin === given.origin &&
        path === given.pathname.replace(/\/?$/, '/') &&
        path === parsePrefix(prefix).path &&
        parsed.search + parsed.hash + parsed.username === ''
      );
    }),
    { numRuns: 5000 },
  );
  t.true(accepted > 500, `${accepted}`);
});

test('parsePrefix() leaves its own result as it is', (t) => {
  fc.assert(
    fc.property(anyPrefix, (prefix) => {
      let href: string;
      try {
        ({ href } = parsePrefix(prefix));
      } catch {
        return true;
      }
      return parsePrefix(href).href === href;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
