/**
 * When a file of the site is laid in its place: each phase after the one before, so that at no moment a page names an
 * asset, or an entry page links to a page, that is not there. What is gone is deleted last, in the opposite order.
 */
export const PHASES = ['asset', 'file', 'page', 'entry'] as const;

/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** What is known of a page that was rendered, so that an unchanged one need not be rendered again; plain JSON. */
export interface PageRecord {
  readonly url: string;
  /** The pattern of the site's route. */
  readonly route: string;
  /** What its route's `lastModified` or `fingerprint` said; absent where the route has neither. */
  readonly changeKey?: string;
  readonly status: number;
  /** The media type that the app sent, in full. */
  readonly contentType: string;
  /** Headers of the app that a host has to be told, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The route of the app that answered, as `express` writes it. */
  readonly appRoute?: string;
  /** Its links, in the short form of `checks`. */
  readonly links: string;
  readonly inSitemap: boolean;
  /** Milliseconds since 1970. */
  readonly lastModified?: number;
}

/** What is remembered of each file of the site. */
export interface FileRecord {
  readonly phase: Phase;
  /** Of its bytes: 16 hexadecimal digits of XXH64. */
  readonly digest: string;
  readonly size: number;
  /** The modification time that it was written with, in milliseconds: a rename keeps it. */
  readonly mtimeMs: number;
  /** What the file that it was copied from looked like: an unchanged one is not read again. */
  readonly source?: string;
  readonly page?: PageRecord;
  /** Of the page that stands for a redirect: where that leads, absolute, and what hosts answer that can redirect. */
  readonly redirect?: { readonly to: string; readonly status: number };
}

/** A file of the new site. */
export interface PlannedFile {
  /** Relative to the site's folder, with `/` between segments. */
  readonly name: string;
  readonly record: FileRecord;
  /** Where its bytes lie, in the staging folder; `undefined`: those that stand in the site are kept. */
  readonly staged: string | undefined;
}
