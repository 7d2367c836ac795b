import { build } from 'esbuild';

await build({
  // What the code names by "new URL(…, import.meta.url)" is built as well, with its own name.
  entryPoints: ['src/main.js', 'src/worker.js', 'src/add.wasm', 'src/picture.svg'],
  bundle: true,
  splitting: true,
  format: 'esm',
  outdir: 'dist',
  loader: { '.wasm': 'copy', '.svg': 'copy' },
  metafile: true,
}).then(async ({ metafile }) => {
  const { writeFile } = await import('node:fs/promises');
  await writeFile('meta.json', JSON.stringify(metafile));
});
