import test from 'ava';
import { createPages, type PagesOptions } from '../../../src/pages.ts';

test('createPages() refuses wrong options of "preload", and says what to do', (t) => {
  const wrong: readonly (readonly [preload: object, error: RegExp])[] = [
    [[], /The option "preload" takes its options as a plain object, not an array/],
    [{}, /The option "preload" needs the option "folder"/],
    [{ folder: 'x', keepDay: 3 }, /has no option "keepDay"\. Did you mean "keepDays"\?/],
    [{ folder: 'x', keepDays: 0 }, /whole number of days from 1 on, not 0/],
    [{ folder: 'x', prefix: '/' }, /The prefix "\/" has no path of its own/],
    [{ folder: 'x', prefix: 'preloaded' }, /is relative/],
    [{ folder: 'x', renew: 'weekly' }, /"daily" or a number of seconds above 0, not "weekly"/],
    [{ folder: 'x', renew: 0 }, /"daily" or a number of seconds above 0, not 0/],
    [
      { folder: 'x', timeZone: 'Europe/Atlantis' },
      /a time zone such as "Europe\/Berlin", not "Europe\/Atlantis"/,
    ],
    [{ folder: 'x', throwOnError: 'yes' }, /true or false/],
  ];
  const rest = { sites: ['http://localhost'], urls: ['/'], store: { open() {} } } as unknown as PagesOptions;
  for (const [preload, message] of wrong)
    t.throws(() => createPages({ ...rest, preload } as PagesOptions), { message });
});
