export type { AssetsHandler } from './assets-handler.ts';
export { openAssets, type Assets } from './open-assets.ts';
