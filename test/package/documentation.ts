import { readdir, readFile } from 'node:fs/promises';

const CHECKOUT = new URL('../../', import.meta.url);

/** A page of the documentation, by its path from the top of the repository. */
export interface Page {
  readonly path: string;
  readonly markdown: string;
}

/** A fenced block of code: its language, and the word after it, which says what becomes of it. */
export interface Block {
  readonly language: string;
  readonly word: string;
  readonly text: string;
}

export async function readPage(path: string): Promise<Page> {
  return { path, markdown: await readFile(new URL(path, CHECKOUT), 'utf8') };
}

/** Everything that is written for readers. */
export async function readPages(): Promise<Page[]> {
  const [docs, hosts] = await Promise.all(
    ['docs/', 'docs/hosts/'].map((folder) => readdir(new URL(folder, CHECKOUT))),
  );
  const names = [...(docs ?? []), ...(hosts ?? []).map((name) => `hosts/${name}`)];
  const paths = names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return Promise.all(['README.md', ...paths.toSorted(), 'CONTRIBUTING.md', 'SECURITY.md'].map(readPage));
}

/** The page's blocks in their order, but for drawings (`text`). */
export function codeBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(?<language>\S+)(?: (?<word>\S+))?\n(?<text>.*?)^```$/gms)]
    .map(({ groups = {} }) => ({
      language: groups['language'] ?? '',
      word: groups['word'] ?? '',
      text: groups['text'] ?? '',
    }))
    .filter(({ language }) => language !== 'text');
}

/** Where the page's links lead, as they are written. */
export function linkTargets(markdown: string): string[] {
  const prose = withoutCode(markdown).replaceAll(/(`+).+?\1/g, 'code');
  return [...prose.matchAll(/\]\((?<target>[^\s)]+)(?: "[^"]*")?\)|<(?<url>https?:[^>\s]+)>/g)].map(
    ({ groups = {} }) => groups['target'] ?? groups['url'] ?? '',
  );
}

/** The ids that GitHub gives to the page's headings, and those of its own anchors. */
export function headingIds(markdown: string): Set<string> {
  const prose = withoutCode(markdown);
  const ids = new Set([...prose.matchAll(/<a (?:id|name)="([^"]+)">/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const id = headingId(heading);
    let unique = id;
    for (let count = 1; ids.has(unique); count += 1) unique = `${id}-${count}`;
    ids.add(unique);
  }
  return ids;
}

/** Lower case; letters, numbers, `-` and `_` stay; each space becomes a hyphen. */
function headingId(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]*>/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```.*?^```$/gms, '');
}
