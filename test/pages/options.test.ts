import test from 'ava';
import { createPages, fileStore } from '../../src/pages.ts';

/** Refused before anything is opened. */
function make(options: object): void {
  createPages({
    sites: ['https://a.example'],
    urls: ['/a'],
    store: fileStore({ folder: '/none' }),
    ...options,
  });
}

for (const [options, message] of [
  [
    { sweepSeconds: 30 * 24 * 60 * 60 },
    /^The option "sweepSeconds" is a whole number of seconds from 0 to 2147483/,
  ],
  [{ waitSeconds: 1e9 }, /^The option "waitSeconds" is a whole number of seconds from 0 to 2147483/],
  [{ deadlineSeconds: 1e9 }, /^The option "deadlineSeconds" is a whole number of seconds from 1 to 2147483/],
  [
    { cacheTagHeader: 'Cache Tag' },
    /^The option "cacheTagHeader" is the name of a header, not "Cache Tag"\./,
  ],
  [
    { headers: [{ url: '/a', headers: { 'X-A': '1' } }] },
    /^The option "headers" is .*a list of \{ urls, headers \}/,
  ],
  [
    { maxAgeSeconds: [{ url: '/a', seconds: 60 }] },
    /^The option "maxAgeSeconds" is .*a list of \{ urls, seconds \}/,
  ],
  [{ render: { header: {} } }, /^The option "render" is an object of "headers"/],
  [{ render: { headers: { 'X-A': 1 } } }, /^The option "render" is an object of "headers"/],
  [{ render: { headers: { 'X-A': 'a\nb' } } }, /^The option "render" is an object of "headers"/],
  [{ render: { address: 'localhost' } }, /^The option "render" is an object of "headers"/],
] as const)
  test(`createPages() refuses ${JSON.stringify(options)}, which would do something else`, (t) => {
    t.throws(() => make(options), { message });
  });
