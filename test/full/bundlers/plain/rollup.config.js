import { copyFileSync, mkdirSync } from 'node:fs';

/** Styles are not Rollup's: the page has them, and what the code names is copied. */
const files = {
  name: 'files',
  load: (id) => (id.endsWith('.css') ? '' : null),
  writeBundle({ dir }) {
    mkdirSync(dir, { recursive: true });
    for (const name of ['app.css', 'card.css', 'home.css', 'release.css', 'picture.svg', 'add.wasm'])
      copyFileSync(`src/${name}`, `${dir}/${name}`);
  },
};

export default {
  input: ['src/main.js', 'src/worker.js'],
  output: { dir: 'dist', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
  plugins: [files],
};
