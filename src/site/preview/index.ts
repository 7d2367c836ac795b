export { previewSite } from './preview-site.ts';
