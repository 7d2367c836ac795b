import { isPlainObject } from '../../core/text.ts';
import { PHASES, type Phase } from '../landing/index.ts';
import type { TargetHeaders, TargetObject } from '../targets/target.ts';

/** Raised when a manifest of before can no longer be read. */
const FORMAT = 1;

/** The phase of a file; `fingerprinted` for an asset whose URL changes whenever its bytes do. */
export type PublishedKind = Phase | 'fingerprinted';

const KINDS: readonly PublishedKind[] = ['fingerprinted', ...PHASES];

/** An object as a publish left it. */
export interface PublishedFile {
  /** In hexadecimal. */
  readonly md5: string;
  readonly size: number;
  readonly headers: TargetHeaders;
  readonly kind: PublishedKind;
  /** Those of the target, as listed after the upload. */
  readonly tag: string;
  readonly revision: string;
}

/** An object that the site no longer has, and that is to go. */
export interface LeftObject extends Pick<TargetObject, 'size' | 'tag'> {
  readonly kind: PublishedKind;
  /** Of a retired asset: since when, by the target's own clock, in milliseconds since 1970, and since which publish. */
  readonly retired?: { readonly at: number; readonly number: number };
}

/** What a publish remembers in the target. */
export interface Manifest {
  /** Whose site it is: its URL. */
  readonly owner: string;
  /** Of the publish: it counts up with each that changes something. */
  readonly number: number;
  readonly files: ReadonlyMap<string, PublishedFile>;
  /** What is to go and did not. */
  readonly left: ReadonlyMap<string, LeftObject>;
}

/** A manifest as text. */
export function formatManifest({ owner, number, files, left }: Manifest): string {
  // Thousands of files have the same headers.
  const headers: string[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (value: TargetHeaders): number => {
    const text = JSON.stringify(value);
    const known = indexes.get(text);
    if (known !== undefined) return known;
    indexes.set(text, headers.push(text) - 1);
    return headers.length - 1;
  };
  const lines = [...files].map(([key, file]) =>
    JSON.stringify([key, file.md5, file.size, indexOf(file.headers), file.kind, file.tag, file.revision]),
  );
  const leftLines = [...left].map(([key, { size, tag, kind, retired }]) =>
    JSON.stringify([key, size, tag, kind, ...(retired === undefined ? [] : [retired.at, retired.number])]),
  );
  return `{"staticUrlPublish":${FORMAT},"owner":${JSON.stringify(owner)},"number":${number},
"headers":[${headers.join(',\n')}],
"files":[
${lines.join(',\n')}
],"left":[
${leftLines.join(',\n')}
]}
`;
}

/** Reads what {@link formatManifest} wrote; `undefined` for anything else. */
export function parseManifest(text: string): Manifest | undefined {
  const value = parseRecord(text);
  const { owner, number, headers, files, left } = value ?? {};
  if (
    value?.['staticUrlPublish'] !== FORMAT ||
    typeof owner !== 'string' ||
    !isCount(number) ||
    !isListOf(headers, isHeaders) ||
    !Array.isArray(files) ||
    !Array.isArray(left)
  )
    return undefined;
  const publishedFiles = new Map<string, PublishedFile>();
  for (const each of files) {
    const [key, md5, size, index, kind, tag, revision] = listOf(each);
    const named = isCount(index) ? headers[index] : undefined;
    if (
      !isText(key) ||
      !isText(md5) ||
      !isCount(size) ||
      named === undefined ||
      !isKind(kind) ||
      !isText(tag) ||
      !isText(revision)
    )
      return undefined;
    publishedFiles.set(key, { md5, size, headers: named, kind, tag, revision });
  }
  const leftObjects = new Map<string, LeftObject>();
  for (const each of left) {
    const [key, size, tag, kind, at, since] = listOf(each);
    if (!isText(key) || !isCount(size) || !isText(tag) || !isKind(kind)) return undefined;
    const retired = isCount(at) && isCount(since) ? { at, number: since } : undefined;
    leftObjects.set(key, { size, tag, kind, ...(retired !== undefined && { retired }) });
  }
  return { owner, number, files: publishedFiles, left: leftObjects };
}

/** An object of JSON; `undefined` for anything else. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isHeaders(value: unknown): value is TargetHeaders {
  return isPlainObject(value) && Object.values(value).every(isText);
}

/** Whether a value is a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether a value is a {@link PublishedKind}. */
export function isKind(value: unknown): value is PublishedKind {
  return KINDS.some((kind) => kind === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
