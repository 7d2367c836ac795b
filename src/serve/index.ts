export type { AssetsHandler } from './assets-handler.ts';
export { openAssets, sourcesOf, type Assets } from './open-assets.ts';
export { isNotThere, openFile, streamFile, type OpenedFile } from './opened-file.ts';
