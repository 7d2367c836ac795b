import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { resolveAssetsOptions } from '../../../src/assets/options.ts';
import { SourceReader } from '../../../src/assets/sources/source-reader.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('SourceReader.read() reads a file again that was written a moment before, for its times need not tell the next write', async (t) => {
  const root = await temporaryFolder(t, { 'a.css': 'a {}', 'b.css': 'b {}' });
  const reader = await SourceReader.create(resolveAssetsOptions({ prefix: '/static/', roots: root }));
  const file = join(root, 'a.css');
  const { ctimeMs } = statSync(file);
  const { now } = Date;
  Date.now = () => ctimeMs;
  const reading = reader.read();
  Date.now = now;
  writeFileSync(file, 'c {}');
  const { assets } = await reading;
  const expected = await reader.read();
  t.is(assets.get('a.css')?.hash, expected.assets.get('a.css')?.hash);
  t.is(assets.get('b.css')?.signature?.isFresh, false);
});
