import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { temporaryFolder, type Files } from './folder.ts';

const CHECKOUT = new URL('../../', import.meta.url).pathname;
const PEERS = ['express', 'typescript', '@types/express', '@types/node'] as const;

/** What a program printed. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the packed tarball of this package installed, as a user has it. */
export interface Project {
  readonly folder: string;
  /** Runs a program there; rejects when it fails. */
  readonly run: (program: string, ...parameters: string[]) => Promise<Output>;
}

/** Packs this package (dist must have been built) and installs the tarball into an empty folder, with Express and TypeScript. */
export async function installPackage(
  t: ExecutionContext,
  files: Files = {},
  others: readonly string[] = [],
): Promise<Project> {
  // What npm installs, and many a process after it: a busy machine takes minutes, and no result comes before the end.
  t.timeout(600_000);
  const folder = await temporaryFolder(t, {
    'package.json': '{ "type": "module", "private": true }',
    ...files,
  });
  const run: Project['run'] = async (program, ...parameters) =>
    promisify(execFile)(program, parameters, {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'development', npm_config_audit: 'false', npm_config_fund: 'false' },
    });
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: CHECKOUT },
  );
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  const { devDependencies } = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const peers = [...PEERS, ...others].map((name) => `${name}@${devDependencies[name]}`);
  await run('npm', 'install', '--prefer-offline', `./${packed?.filename}`, ...peers);
  return { folder, run };
}
