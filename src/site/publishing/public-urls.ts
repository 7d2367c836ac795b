import type { PublishFailure } from './reports.ts';

/** A file that has changed, as visitors should get it. */
export interface PublicFile {
  readonly key: string;
  /** Of a page, its path of the site below the public URL, encoded, without the slash at its start: `posts/hello`. Asked first. */
  readonly pagePath?: string;
  /** In hexadecimal. */
  readonly md5: string;
  /** What it was written with, by names in lower case: `content-type`, `cache-control` and `location` are compared. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What asking for public URLs found. */
export interface PublicCheck {
  /** How many were asked for. */
  readonly asked: number;
  readonly failures: readonly PublishFailure[];
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/** How public URLs are asked for. */
export interface PublicCheckOptions {
  /** What stands before the keys, with a slash at its end. */
  readonly publicUrl: string;
  readonly parallel: number;
  /** For how long what is missing or old is asked for again. */
  readonly seconds: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** Asks for the public URL of each file: status, media type, `Cache-Control` and body must be right. */
export async function checkPublicUrls(
  _files: readonly PublicFile[],
  _options: PublicCheckOptions,
): Promise<PublicCheck> {
  throw new Error('Not built yet.');
}
