import type { SiteHeaders, SiteRedirect, TrailingSlash } from '../hosting/index.ts';

/** What a preview has to know of the site. */
export interface PreviewOptions {
  /** The folder of the exported site, absolute. */
  readonly folder: string;
  /** Where the site will be; its path counts here too. */
  readonly origin: string;
  readonly trailingSlash: TrailingSlash;
  /** Where the folder has no `_redirects`. */
  readonly redirects: readonly SiteRedirect[];
  /** Where the folder has no `_headers`. */
  readonly headers: readonly SiteHeaders[];
  /** What the URLs of assets start with. */
  readonly prefix?: string | undefined;
  /** The file that answers where there is no page. */
  readonly notFound: string;
}
