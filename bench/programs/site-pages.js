// The pages of a site that is exported: 8 KB each, with links to the page before and the page after.
import { readFileSync } from 'node:fs';

const link = (slug) => `<a href="/notes/${slug}/">${slug}</a>`;

export function readPages({ template, pages }) {
  const [start, end] = readFileSync(template, 'utf8').split('{{links}}');
  const slugOf = (number) => `note-${String((number + pages) % pages).padStart(6, '0')}`;
  const slugs = () => Array.from({ length: pages }, (_, number) => ({ slug: slugOf(number) }));
  const page = (slug) => {
    const number = Number(slug.slice('note-'.length));
    return start + link(slugOf(number - 1)) + link(slugOf(number + 1)) + end;
  };
  return { slugs, page };
}
