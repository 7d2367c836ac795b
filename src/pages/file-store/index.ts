export { fileStore, type FileStore } from './file-store.ts';
export type { CopyEncoding, FileStoreOptions } from './options.ts';
