import type { PagesReport } from './publishing.ts';
import { urlsOf, type Resource } from './resources.ts';

/** Calls of `refresh` this close together are one run. */
const MOMENT_MILLISECONDS = 20;

/** Merges calls of `refresh` within a moment, as hooks make them, into one run. */
export class RefreshBatch {
  readonly #publish: (urls: ReadonlySet<string>) => Promise<PagesReport>;
  #open: { readonly urls: Set<string>; readonly report: Promise<PagesReport> } | undefined;

  constructor(publish: (urls: ReadonlySet<string>) => Promise<PagesReport>) {
    this.#publish = publish;
  }

  async add(resources: readonly Resource[]): Promise<PagesReport> {
    // Looked at now: a model may be changed again, or gone, when the run begins.
    const urls: string[] = [];
    for await (const url of urlsOf(resources)) urls.push(url);
    const batch = (this.#open ??= this.#start());
    for (const url of urls) batch.urls.add(url);
    return batch.report;
  }

  #start(): { readonly urls: Set<string>; readonly report: Promise<PagesReport> } {
    const urls = new Set<string>();
    const report = new Promise<void>((resolve) => {
      setTimeout(resolve, MOMENT_MILLISECONDS);
    }).then(() => {
      this.#open = undefined;
      return this.#publish(urls);
    });
    return { urls, report };
  }
}
