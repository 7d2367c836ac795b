import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '../..');

/**
 * A page of the site, and the file of the repository that it is made of.
 *
 * @typedef {object} Page
 * @property {string} file By its path from the top of the repository.
 * @property {string} name The last part of its URL; empty for the first page.
 * @property {string} label How the navigation calls it.
 */

/** All pages in the order in which one reads them, in groups. */
export const groups = [
  {
    title: 'Begin',
    pages: [
      { file: 'README.md', name: '', label: 'Overview' },
      { file: 'docs/choose.md', name: 'choose', label: 'Choose' },
    ],
  },
  {
    title: 'Use',
    pages: [
      { file: 'docs/static-url.md', name: 'static-url', label: 'Static URL' },
      { file: 'docs/assets-and-releases.md', name: 'assets-and-releases', label: 'Assets and releases' },
      { file: 'docs/bundlers.md', name: 'bundlers', label: 'Bundlers' },
      { file: 'docs/deltas.md', name: 'deltas', label: 'Deltas' },
      { file: 'docs/pages.md', name: 'pages', label: 'Pages' },
      { file: 'docs/site.md', name: 'site', label: 'Site' },
      { file: 'docs/publish.md', name: 'publish', label: 'Publish' },
      { file: 'docs/deploy.md', name: 'deploy', label: 'Deploy' },
    ],
  },
  {
    title: 'Publish to',
    pages: [
      { file: 'docs/hosts/aws-s3.md', name: 'host-aws-s3', label: 'Amazon S3' },
      { file: 'docs/hosts/cloudflare-r2.md', name: 'host-cloudflare-r2', label: 'Cloudflare R2' },
      { file: 'docs/hosts/backblaze-b2.md', name: 'host-backblaze-b2', label: 'Backblaze B2' },
      { file: 'docs/hosts/own-s3.md', name: 'host-own-s3', label: 'MinIO, Ceph' },
      {
        file: 'docs/hosts/google-cloud-storage.md',
        name: 'host-google-cloud-storage',
        label: 'Google Cloud',
      },
      { file: 'docs/hosts/azure.md', name: 'host-azure', label: 'Azure' },
      { file: 'docs/hosts/folder.md', name: 'host-folder', label: 'A folder' },
    ],
  },
  {
    title: 'Look up',
    pages: [
      { file: 'docs/reference.md', name: 'reference', label: 'Reference' },
      { file: 'docs/limits.md', name: 'limits', label: 'Limits' },
      { file: 'docs/benchmarks.md', name: 'benchmarks', label: 'Benchmarks' },
    ],
  },
  {
    title: 'Project',
    pages: [
      { file: 'CONTRIBUTING.md', name: 'contributing', label: 'Contributing' },
      { file: 'SECURITY.md', name: 'security', label: 'Security' },
      { file: 'CHANGELOG.md', name: 'changelog', label: 'Changes' },
    ],
  },
];

/** @type {readonly Page[]} */
export const pages = groups.flatMap((group) => group.pages);

/** @param {string} file */
export function readPage(file) {
  return readFile(join(checkout, file), 'utf8');
}
