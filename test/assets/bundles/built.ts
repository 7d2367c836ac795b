import { temporaryFolder, type Files } from '../../helpers/folder.ts';
import type { ExecutionContext } from 'ava';

/** What Vite says of {@link BUILT}, by shape. */
export const VITE_MANIFEST = {
  '_shared.js': { file: 'assets/shared-1.js', name: 'shared', css: ['assets/shared-1.css'] },
  'src/main.ts': {
    file: 'assets/main-1.js',
    name: 'main',
    isEntry: true,
    imports: ['_shared.js'],
    dynamicImports: ['src/Page.vue'],
    css: ['assets/main-1.css'],
  },
  'src/Page.vue': {
    file: 'assets/page-1.js',
    isDynamicEntry: true,
    imports: ['_shared.js', 'src/main.ts'],
    css: ['assets/page-1.css'],
  },
  'src/print.css': { file: 'assets/print-1.css', isEntry: true },
};

/** What a bundler has written, and where it says so. */
export const BUILT: Files = {
  'dist/assets/main-1.js':
    "import './shared-1.js'; import('./page-1.js'); new URL('./page-1.css', import.meta.url);",
  'dist/assets/shared-1.js': 'export {};',
  'dist/assets/page-1.js': "import './shared-1.js'; import './main-1.js';",
  'dist/assets/main-1.css': 'a {}',
  'dist/assets/shared-1.css': 'b {}',
  'dist/assets/page-1.css': 'c {}',
  'dist/assets/print-1.css': 'd {}',
  'dist/.vite/manifest.json': JSON.stringify(VITE_MANIFEST),
};

/** A folder with a build in it. */
export function builtFolder(t: ExecutionContext, files: Files = {}): Promise<string> {
  return temporaryFolder(t, { ...BUILT, ...files });
}
