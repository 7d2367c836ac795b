export type { AssetsHandler } from './assets-handler.ts';
export { openAssets, sourcesOf, type Assets } from './open-assets.ts';
