// Looks up the URLs of all files of a tree, again and again: node asset-url.js <root>
import { readdirSync } from 'node:fs';
import staticify from 'staticify';
import { openAssets } from 'static-url';

const root = process.argv[2];
const names = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(root.length + 1))
  .toSorted();
const assets = await openAssets({ prefix: '/static/', roots: root, strict: false });
const versioned = staticify(root, { pathPrefix: '/static' });
const map = new Map(names.map((name) => [name, assets.url(name)]));
const slashed = names.map((name) => `/${name}`);

/** Each in a loop of its own, so that none makes the other's calls slower. */
const candidates = {
  staticify(rounds) {
    let length = 0;
    for (let round = 0; round < rounds; round += 1)
      for (const name of slashed) length += versioned.getVersionedPath(name).length;
    return length;
  },
  assets(rounds) {
    let length = 0;
    for (let round = 0; round < rounds; round += 1)
      for (const name of names) length += assets.url(name).length;
    return length;
  },
  map(rounds) {
    let length = 0;
    for (let round = 0; round < rounds; round += 1) for (const name of names) length += map.get(name).length;
    return length;
  },
};

process.on('message', ({ candidate, rounds }) => {
  const start = performance.now();
  const length = candidates[candidate](rounds);
  const seconds = (performance.now() - start) / 1000;
  process.send({ callsPerSecond: (rounds * names.length) / seconds, length });
});
process.on('disconnect', () => process.exit());
process.send({
  example: { staticify: versioned.getVersionedPath(slashed[0]), assets: assets.url(names[0]) },
});
