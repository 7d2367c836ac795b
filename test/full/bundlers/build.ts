import { access, cp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runProgram } from '../../helpers/run-node.ts';

const HERE = new URL('.', import.meta.url).pathname;
const OWN_PACKAGES = new URL('../../../node_modules/', import.meta.url).pathname;

/** A WebAssembly module whose `add` gives the sum of two numbers. */
const ADD = Buffer.from(
  '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
  'hex',
);

/** How an app is built. */
interface Bundler {
  /** Its folder beside this file. */
  readonly app: 'vue' | 'react' | 'plain';
  /** The program, relative to the app's folder, and its arguments. */
  readonly command: readonly string[];
  /** What the bundler says that it has written, relative to the app's folder; not all of them say it. */
  readonly bundle?: string;
  /** The name of the entry there. */
  readonly entry: string;
}

const VITE = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--configLoader', 'runner'];
const VITE_MANIFEST = 'dist/.vite/manifest.json';

/**
 * The apps, each with two lazy routes (`#/` and `#/work`) that have stylesheets and share one, a worker, a WebAssembly
 * module and an image.
 */
export const BUNDLERS = {
  vue: { app: 'vue', command: VITE, bundle: VITE_MANIFEST, entry: 'src/main.js' },
  react: { app: 'react', command: VITE, bundle: VITE_MANIFEST, entry: 'src/main.jsx' },
  esbuild: { app: 'plain', command: ['esbuild.js'], bundle: 'meta.json', entry: 'src/main.js' },
  rollup: { app: 'plain', command: ['node_modules/rollup/dist/bin/rollup', '-c'], entry: 'main.js' },
  'webpack, a script': { app: 'plain', command: ['webpack.js', 'script'], entry: 'main.js' },
  'webpack, a module': { app: 'plain', command: ['webpack.js', 'module'], entry: 'main.js' },
} as const satisfies Readonly<Record<string, Bundler>>;

/** An app that is built again and again. */
export interface BuiltApp {
  /** The folder that the bundler writes. */
  readonly root: string;
  /** What the bundler says that it has written: an absolute path. */
  readonly bundle: string | undefined;
  /** The name of the entry: in the bundle, or else of the asset. */
  readonly entry: string;
  /** Builds a release, whose number the app shows. */
  readonly build: (release: number) => Promise<void>;
}

/** Copies an app into a folder of its own, and builds its first release. */
export async function buildApp(t: ExecutionContext, bundler: keyof typeof BUNDLERS): Promise<BuiltApp> {
  const { app, command, entry, ...more }: Bundler = BUNDLERS[bundler];
  const folder = await temporaryFolder(t, { 'package.json': '{ "type": "module" }' });
  const [src, root] = [join(folder, 'src'), join(folder, 'dist')];
  await cp(join(HERE, app), folder, { recursive: true });
  await symlink(await packages(bundler), join(folder, 'node_modules'));
  const build = async (release: number): Promise<void> => {
    await rm(root, { recursive: true, force: true });
    await writeFile(join(src, 'release.js'), `export const release = 'release ${release}';\n`);
    await writeFile(join(src, 'add.wasm'), ADD);
    const { code, stdout, stderr } = await runProgram(process.execPath, command, {
      cwd: folder,
      env: { NODE_ENV: 'production' },
    });
    if (code !== 0) throw new Error(`${bundler} ended with ${code}: ${stdout}${stderr}`);
  };
  await build(1);
  return { root, bundle: more.bundle === undefined ? undefined : join(folder, more.bundle), entry, build };
}

/** The packages of a bundler: esbuild is one of this package's own. */
async function packages(bundler: keyof typeof BUNDLERS): Promise<string> {
  if (bundler === 'esbuild') return OWN_PACKAGES;
  const folder = join(HERE, 'node_modules');
  await access(folder);
  return folder;
}
