import test from 'ava';
import { dueRule } from '../../../src/pages/preload/due-rule.ts';

/** Whether a view is due that was stored at one time, at another. */
function isDue(
  renew: 'daily' | number | undefined,
  zone: string | undefined,
  stored: string,
  now: string,
): boolean {
  return dueRule(renew, zone)(new Date(stored), new Date(now));
}

test('"daily" is another date in the time zone, however many hours lie between', (t) => {
  t.true(isDue('daily', 'Europe/Berlin', '2026-06-01T21:59:59Z', '2026-06-01T22:00:00Z'));
  t.false(isDue('daily', 'Europe/Berlin', '2026-06-01T22:00:00Z', '2026-06-02T21:59:59Z'));
  t.false(isDue('daily', 'UTC', '2026-06-01T21:59:59Z', '2026-06-01T22:00:00Z'));
  t.true(isDue('daily', 'Pacific/Kiritimati', '2026-06-01T09:59:00Z', '2026-06-01T10:00:00Z'));
  t.true(
    isDue('daily', 'UTC', '2026-06-01T12:00:00Z', '2027-06-01T12:00:00Z'),
    'the same day of another year',
  );
});

test('"daily" is right where the clocks change', (t) => {
  // 29 March 2026 has 23 hours in Berlin, 25 October has 25.
  t.false(isDue('daily', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z'));
  t.true(isDue('daily', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'));
  t.false(isDue('daily', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z'));
  t.true(isDue('daily', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'));
});

test('an interval is a number of seconds; without either a view is never due', (t) => {
  t.false(isDue(60, undefined, '2026-06-01T00:00:00Z', '2026-06-01T00:01:00Z'));
  t.true(isDue(60, undefined, '2026-06-01T00:00:00Z', '2026-06-01T00:01:00.001Z'));
  t.false(isDue(undefined, undefined, '2026-06-01T00:00:00Z', '2036-06-01T00:00:00Z'));
});
