import { access, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { AssetTags } from '../../../src/assets.ts';
import { temporaryFolder, writeFiles, type Files } from '../../helpers/folder.ts';
import { runProgram } from '../../helpers/run-node.ts';

const HERE = new URL('.', import.meta.url).pathname;
/** What `npm run test:full` installs. */
export const BUNDLER_PACKAGES = join(HERE, 'node_modules');
const OWN_PACKAGES = new URL('../../../node_modules/', import.meta.url).pathname;

/** What is other in each release of an app: code, style, image and WebAssembly. */
function filesOf(release: number): Files {
  return {
    'release.js': `export const release = 'release ${release}';\n`,
    'release.css': `#work { color: rgb(2, 2, ${release}); }\n`,
    'picture.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="${release}" height="1"><title>picture</title></svg>\n`,
    'add.wasm': addition(release),
  };
}

/** A WebAssembly module whose `add` gives the sum of two numbers and another. */
function addition(summand: number): Uint8Array {
  const code = '0061736d0100000001070160027f7f017f030201000707010361646400000a0c010a00200020016a41006a0b';
  const bytes = Buffer.from(code, 'hex');
  bytes[bytes.length - 3] = summand;
  return bytes;
}

/** How an app is built, released and shown. */
export interface Bundler {
  /** Its folder beside this file. */
  readonly app: 'vue' | 'react' | 'plain';
  /** The program, relative to the app's folder, and its arguments. */
  readonly command: readonly string[];
  /** Whether the bundler is one of this package's own. */
  readonly isOwn?: boolean;
  /** What the bundler says that it has written, relative to the app's folder; not all of them say it. */
  readonly bundle?: string;
  /** The option of releases. */
  readonly together?: readonly string[];
  /** What the page has for it. */
  readonly write: (tags: AssetTags) => string;
}

const VITE = {
  command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--configLoader', 'runner'],
  bundle: 'dist/.vite/manifest.json',
};
/** Rollup has no styles of its own. */
const ROLLUP_STYLES = ['app.css', 'card.css', 'home.css', 'release.css'];
const WEBPACK = {
  app: 'plain',
  together: ['./'],
  write: ({ stylesheet, script }) => stylesheet('main.css') + script('main.js', { defer: true }),
} satisfies Partial<Bundler>;

/**
 * The apps, each with two lazy routes (`#/` and `#/work`) that have stylesheets and share one, a worker, a WebAssembly
 * module and an image.
 */
export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  'Vite with Vue': { ...VITE, app: 'vue', write: ({ bundle }) => bundle('src/main.js') },
  'Vite with React, no hashes in names': {
    ...VITE,
    app: 'react',
    write: ({ bundle }) => bundle('src/main.jsx'),
  },
  esbuild: {
    app: 'plain',
    isOwn: true,
    command: ['esbuild.js'],
    bundle: 'meta.json',
    write: ({ bundle }) => bundle('src/main.js', { lazy: ['src/home.js', 'src/work.js'] }),
  },
  Rollup: {
    app: 'plain',
    command: ['node_modules/rollup/dist/bin/rollup', '-c'],
    write: ({ stylesheet, moduleScript }) =>
      [...ROLLUP_STYLES.map((name) => stylesheet(name)), moduleScript('main.js')].join('\n'),
  },
  'webpack, a script': { ...WEBPACK, command: ['webpack.js', 'script'] },
  'webpack, a module': {
    ...WEBPACK,
    command: ['webpack.js', 'module', 'hashed'],
    write: ({ stylesheet, moduleScript }) => stylesheet('main.css') + moduleScript('main.js'),
  },
};

/** A build whose chunks no fingerprint covers. */
export const UNCOVERED: Bundler = {
  app: 'plain',
  command: ['webpack.js', 'script', 'hashed'],
  write: WEBPACK.write,
};

/** A release of an app as its bundler has written it. */
export interface BuiltApp {
  /** The folder that the bundler wrote. */
  readonly root: string;
  /** What the bundler says that it has written: an absolute path. */
  readonly bundle?: string;
}

/** Builds a release of an app, whose number it shows, in a folder of its own. */
export async function buildApp(
  t: ExecutionContext,
  { app, command, bundle, isOwn = false }: Bundler,
  release = 1,
): Promise<BuiltApp> {
  const packages = isOwn ? OWN_PACKAGES : BUNDLER_PACKAGES;
  await access(packages);
  const folder = await temporaryFolder(t, { 'package.json': '{ "type": "module" }' });
  await cp(join(HERE, app), folder, { recursive: true });
  await writeFiles(join(folder, 'src'), filesOf(release));
  await symlink(packages, join(folder, 'node_modules'));
  const { code, stdout, stderr } = await runProgram(process.execPath, command, {
    cwd: folder,
    env: { NODE_ENV: 'production' },
  });
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return { root: join(folder, 'dist'), ...(bundle !== undefined && { bundle: join(folder, bundle) }) };
}
