export type { PreviewOptions } from './options.ts';
export { previewSite } from './preview-site.ts';
