// Opens the assets of trees when asked to, whole or in the parts that it consists of: node open-assets.js
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAssets } from 'static-url';
import xxhash from 'xxhash-wasm';

async function open({ root }) {
  const start = performance.now();
  const assets = await openAssets({ prefix: '/static/', roots: root, strict: false });
  const milliseconds = performance.now() - start;
  return { milliseconds, files: assets.paths().length };
}

/** The same work part by part, by the package's own modules. */
async function openInParts({ root }) {
  const [{ scanFolder }, { resolveAssetsOptions }, { SourceReader }, { findReferences, mayRefer }] =
    await Promise.all(
      [
        'files/scan-folder',
        'assets/options',
        'assets/sources/source-reader',
        'assets/references/find-references',
      ].map((name) => import(new URL(`../../dist/${name}.js`, import.meta.url).href)),
    );
  const hashes = await xxhash();
  const options = resolveAssetsOptions({ prefix: '/static/', roots: root, strict: false });
  const reader = await SourceReader.create(options);
  const [scan, names] = timed(() => scanFolder(root, options));
  const [readAll, sources] = timed(() => reader.readSources());
  const files = names.map((name) => [name, readFileSync(join(root, name))]);
  const [digest] = timed(() => files.map(([, bytes]) => hashes.h64Raw(bytes)));
  const texts = files.filter(([name]) => mayRefer(name)).map(([name, bytes]) => [name, bytes.toString()]);
  const [references] = timed(() => texts.map(([name, text]) => findReferences(name, text)));
  const [index] = timed(() => reader.index(sources));
  return { scan, read: readAll - scan - digest - references, digest, references, index };
}

function timed(work) {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
}

process.on('message', (message) => {
  // A failure ends the process, which whoever asked notices.
  void (message.inParts ? openInParts(message) : open(message)).then((answer) => process.send(answer));
});
process.on('disconnect', () => process.exit());
process.send({});
