import type { Stats } from 'node:fs';
import test from 'ava';
import {
  isSameButForStatus,
  isSameSignature,
  isUnchangedSince,
  signatureOf,
} from '../../src/files/file-signature.ts';

const CHANGED = 1_700_000_000_000.25;
const stats = { size: 10, mtimeMs: CHANGED, ctimeMs: CHANGED, ino: 7 } as Stats;
const later = signatureOf(stats, CHANGED + 1000);

test('isUnchangedSince() takes equal times for equal bytes when the file was read a step of the clock after its change', (t) => {
  t.true(isUnchangedSince(later, later));
  for (const other of [{ size: 11 }, { mtimeMs: 1 }, { ctimeMs: CHANGED + 1 }, { ino: 8 }])
    t.false(isUnchangedSince(later, { ...later, ...other }));
});

test('isUnchangedSince() trusts no times of a file that was read as it changed', (t) => {
  for (const age of [-19, 0, 1, 19]) {
    const fresh = signatureOf(stats, CHANGED + age);
    t.false(isUnchangedSince(fresh, later), `${age} ms`);
    t.true(isSameSignature(fresh, later));
  }
  for (const age of [-20, 20])
    t.true(isUnchangedSince(signatureOf(stats, CHANGED + age), later), `${age} ms`);
});

test('isUnchangedSince() trusts whole seconds, which a coarse file system keeps, only two seconds later', (t) => {
  const coarse = { size: 10, mtimeMs: 1_700_000_000_000, ctimeMs: 1_700_000_000_000, ino: 7 } as Stats;
  const settled = signatureOf(coarse, coarse.ctimeMs + 10_000);
  for (const age of [-2019, -20, 0, 20, 1000, 2019])
    t.false(isUnchangedSince(signatureOf(coarse, coarse.ctimeMs + age), settled), `${age} ms`);
  for (const age of [-2020, 2020])
    t.true(isUnchangedSince(signatureOf(coarse, coarse.ctimeMs + age), settled), `${age} ms`);
});

test('isSameButForStatus() allows for another time of the status change and for nothing else', (t) => {
  t.true(isSameButForStatus(later, { ...later, ctimeMs: CHANGED + 1 }));
  for (const other of [{ size: 11 }, { mtimeMs: 1 }, { ino: 8 }])
    t.false(isSameButForStatus(later, { ...later, ...other }));
});
