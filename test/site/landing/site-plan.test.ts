import test from 'ava';
import { PHASES, type FileRecord, type PlannedFile } from '../../../src/site/landing/index.ts';
import { filesToPut, namesToDelete } from '../../../src/site/landing/site-plan.ts';

const RECORDS = new Map<string, FileRecord>(
  ['page', 'asset', 'entry', 'file'].flatMap((name) =>
    PHASES.filter((phase) => phase === name).map((phase) => [
      name,
      { phase, digest: '0123456789abcdef', size: 1, mtimeMs: 1 },
    ]),
  ),
);

test('what is deleted goes in the opposite order of what is put in its place', (t) => {
  const plan = new Map<string, PlannedFile>(
    [...RECORDS].map(([name, record]) => [name, { name, record, staged: name }]),
  );
  t.deepEqual(
    filesToPut(plan).map(({ name }) => name),
    ['asset', 'file', 'page', 'entry'],
  );
  t.deepEqual(namesToDelete(RECORDS, new Map()), ['entry', 'page', 'file', 'asset']);
  t.deepEqual(namesToDelete(RECORDS, new Map([...plan].filter(([name]) => name === 'page'))), [
    'entry',
    'file',
    'asset',
  ]);
});
