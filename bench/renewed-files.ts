import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { fetchPackage } from './published-package.ts';

/** A file of which a visitor has the bytes of the release before. */
export interface RenewedFile {
  readonly title: string;
  readonly name: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** All files of this folder share one fingerprint. */
export const UNIT = 'unit/';

/** As published on npm: what these packages have made of each file from one version to the next. */
const PUBLISHED = [
  {
    package: 'three',
    versions: ['0.186.1', '0.187.0'],
    files: ['build/three.module.js', 'build/three.core.js'],
  },
  {
    package: 'bootstrap',
    versions: ['5.3.7', '5.3.8'],
    files: ['dist/css/bootstrap.css', 'dist/js/bootstrap.bundle.min.js'],
  },
  {
    package: 'react-dom',
    versions: ['19.2.9', '19.3.0'],
    files: ['cjs/react-dom-client.production.js'],
  },
] as const;

/** Files of packages in two versions, and a bundle of which a line has changed, of which nothing has. */
export async function renewedFiles(folder: string): Promise<RenewedFile[]> {
  const files: RenewedFile[] = [];
  for (const { package: name, versions, files: paths } of PUBLISHED) {
    const [before, after] = [
      await fetchPackage(folder, name, versions[0]),
      await fetchPackage(folder, name, versions[1]),
    ];
    for (const path of paths) {
      files.push({
        title: `${path.replace(/.*\//, '')}, ${versions.join(' to ')}`,
        name: `${name}/${path}`,
        before: await readFile(join(before, path)),
        after: await readFile(join(after, path)),
      });
    }
  }
  const [before, after] = [await bundle('1.0'), await bundle('1.1')];
  return [
    ...files,
    { title: 'a bundle by esbuild, one line changed', name: 'app.js', before, after },
    {
      title: 'the same bundle in a unit, another file changed',
      name: `${UNIT}app.js`,
      before,
      after: before,
    },
    { title: 'that other file', name: `${UNIT}version.txt`, before: text('1.0'), after: text('1.1') },
  ];
}

async function bundle(version: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as three from 'three'; import * as html from 'htmlparser2'; globalThis.app = { three, html, version: '${version}' };`,
      resolveDir: fileURLToPath(new URL('../', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild has made no bundle.');
  return file.contents;
}

const text = (version: string): Uint8Array => Buffer.from(version);
