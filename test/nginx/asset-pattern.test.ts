import test from 'ava';
import { parseRequestPath } from '../../src/http/request-path.ts';
import { assetCapture } from '../../src/nginx/asset-pattern.ts';
import fc from '../helpers/fast-check.ts';

test('assetCapture() matches just the names that parseRequestPath() takes for assets, by each rule', (t) => {
  const segment = fc.oneof(
    fc.constantFrom('', '.', '..', '...', '.a', '..a', 'a', 'a.', 'a.b', 'a..b', '.a.b', '.well-known'),
    fc.string({ unit: fc.constantFrom('.', 'a', '-', '\\', '\n'), maxLength: 4 }),
  );
  const names = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join('/'))
    // RFC 8615 knows it as a folder alone, and nginx looks for no file of that name.
    .filter((name) => name !== '.well-known');
  const rules = fc.record({ dotfiles: fc.boolean(), wellKnown: fc.boolean() });
  fc.assert(
    fc.property(names, rules, (name, rule) => {
      // What PCRE calls \z is $ in JavaScript.
      const [any, withExtension] = (['name', 'nameWithExtension'] as const).map((last) =>
        new RegExp(`^${assetCapture(rule, last)}$`.replaceAll(String.raw`\z`, '$')).exec(name),
      );
      const { kind } = parseRequestPath(name.split('/').map(encodeURIComponent).join('/'), rule);
      t.is(any?.groups?.['static_url_asset'], kind === 'asset' ? name : undefined);
      t.is(withExtension !== null, kind === 'asset' && /[^/]\.[^/]*$/.test(name));
    }),
    { numRuns: 2000 },
  );
});
