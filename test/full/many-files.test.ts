import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('openCollection() reads 100,000 files', async (t) => {
  t.timeout(300_000);
  const folder = await temporaryFolder(t);
  for (let part = 0; part < 100; part += 1) {
    mkdirSync(join(folder, `${part}`));
    for (let number = 0; number < 1000; number += 1) writeFileSync(join(folder, `${part}/${number}.txt`), '');
  }
  const assets = await openCollection({ prefix: '/static/', roots: folder, strict: true });
  t.is(assets.paths().length, 100_000);
  t.is(new Set(assets.paths().map((name) => assets.asset(name).fingerprint)).size, 100_000);
});

test('checkAssets() describes 10,000 mistakes, and looks for the nearest name of some only', async (t) => {
  const folder = await temporaryFolder(t);
  for (let number = 0; number < 2000; number += 1) writeFileSync(join(folder, `picture-${number}.png`), '');
  const rules = Array.from({ length: 10_000 }, (_, number) => `a{b:url(pictures-${number}.png)}`);
  writeFileSync(join(folder, 'app.css'), rules.join('\n'));
  const { findings } = await checkAssets({ prefix: '/static/', roots: folder });
  t.deepEqual(
    findings.map(({ line, column }) => [line, column]),
    rules.map((_, number) => [number + 1, 5]),
  );
  const suggestions = findings.filter(({ message }) => message.includes('Did you mean'));
  t.true(suggestions.length > 10 && suggestions.length < 1000, String(suggestions.length));
});
