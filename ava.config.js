import { relative, sep } from 'node:path';

/** The files that take longest, the longest first: whoever starts last should be done soon. */
const LONGEST = [
  'full/killed-deltas',
  'full/killed-releases',
  'full/memcached-store',
  'full/large-file',
  'full/killed-publishes',
  'full/parsed-scripts',
  'full/pages-store',
  'full/many-pages',
  'full/rolling-deploy',
  'full/killed-exports',
  'full/code-blocks',
  'full/bundlers',
  'full/vendor-folders',
  'full/foreign-sites',
  'full/preloaded-views',
  'full/returning-visitor',
  'servers/rolling-deploy',
  'servers/deltas',
  'package/code-blocks',
  'examples/blog-pages',
  'examples/blog-site',
  'dev/tabs',
  'servers/asset-tags',
  'package/package',
  'servers/pages-deploy',
  'examples/blog',
  'cli/pages-process',
  'dev/stylesheets',
  'servers/real-trees',
  'servers/express-4',
  'servers/pages-visitor',
  'pages/file-store/races',
  'pages/memcached-store/limits',
  'pages/preload/races',
  'version/marker',
  'version/content',
  'dev/page-reload',
  'cli/config',
  'servers/references',
  'servers/browser-cache',
  'dev/scopes',
  'releases/side-by-side',
  'serve/streaming',
  'version/git-surroundings',
  'servers/truth-table',
  'assets/watch/watched-assets',
  'assets/sources/fingerprints',
  'pages/frameworks/process-end',
  'pages/hostile/failing-disks',
  'servers/pages-gate',
  'pages/hostile/lost-promises',
  'pages/orm/typeorm',
  'releases/claims',
  'cli/bin',
  'serve/changed-files',
];

function rank(file) {
  const name = relative('test', file).replaceAll(sep, '/').replace('.test.ts', '');
  const index = LONGEST.indexOf(name);
  return index === -1 ? LONGEST.length : index;
}

export default {
  files: ['test/**/*.test.ts'],
  extensions: { ts: 'module' },
  // After AVA's own modules, which have no need of it.
  require: ['./test/helpers/typescript/register.js'],
  workerThreads: false,
  // More than there are cores, as many wait for a process, a browser or a disk.
  concurrency: 6,
  timeout: '2m',
  sortTestFiles: (one, other) => rank(one) - rank(other) || one.localeCompare(other),
};
