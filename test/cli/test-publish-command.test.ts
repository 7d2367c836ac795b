import test from 'ava';
import type { TestReport } from '../../src/site.ts';
import { createOwnSite } from './own-target.ts';
import { runMain } from './run-main.ts';

test('test-publish prints a line for each step, and leaves nothing behind', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  const { code, out, error } = await runMain(['test-publish'], { cwd });
  t.is(code, 0, error);
  t.is(error, '');
  const lines = out.trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => line.replace(/:.*/, '')),
    [
      'passed    sign in',
      'passed    upload',
      'passed    read it back',
      'passed    conditional writes',
      'left out  read its public URL',
      'passed    delete',
    ],
  );
  t.is(target.objects.size, 0);
});

test('test-publish says which step failed and why, and ends with 1', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  target.before = (call) => {
    if (call.startsWith('write ')) throw new Error('The shelf is full.');
  };
  const { code, out, error } = await runMain(['test-publish', 'default'], { cwd });
  t.is(code, 1);
  t.regex(out, /^passed {4}sign in\nfailed {4}upload: .*The shelf is full\..*\nleft out {2}read it back/);
  t.is(error, 'error: "memory:" cannot be published to: "upload" failed.\n');
});

test('test-publish --json prints the report, and ends alike', async (t) => {
  const { cwd, target } = await createOwnSite(t);
  const good = await runMain(['test-publish', '--json'], { cwd });
  t.is(good.code, 0);
  t.like(JSON.parse(good.out) as TestReport, { target: 'memory:', passed: true });
  target.before = () => {
    throw new Error('Nobody may.');
  };
  const bad = await runMain(['test-publish', '--json'], { cwd });
  t.is(bad.code, 1);
  const report = JSON.parse(bad.out) as TestReport;
  t.false(report.passed);
  t.like(report.steps[0], { name: 'sign in', result: 'failed' });
});
