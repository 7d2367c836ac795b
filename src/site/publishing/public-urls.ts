import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { inParallel } from '../../core/in-parallel.ts';
import { quote } from '../../core/text.ts';
import { networkFailure } from '../targets/network-failure.ts';
import { pathOfName } from '../routes/site-place.ts';
import { askPublicUrl, type PublicAgents, type PublicAnswer } from './public-answer.ts';
import { isUnknownPath, verdictOf, type Verdict } from './public-verdict.ts';
import type { PublishFailure } from './reports.ts';
import { reasonOf } from './upload-phases.ts';

/** A file that has changed, as visitors should get it. */
export interface PublicFile {
  readonly key: string;
  /** Of a page, its path of the site below the public URL, encoded, without the slash at its start: `posts/hello`. Asked first. */
  readonly pagePath?: string;
  /** That of its page where it is not 200, such as 404: a server may send it with either. */
  readonly status?: number;
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

/** After so many failures without a success in between, the rest is not asked for. */
const HOPELESS_FAILURES = 50;

const [FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS] = [250, 5000];

/** Asks for the public URL of each file: status, media type, `Cache-Control` and body must be right. */
export async function checkPublicUrls(
  files: readonly PublicFile[],
  options: PublicCheckOptions,
): Promise<PublicCheck> {
  const settings = { keepAlive: true, maxSockets: options.parallel };
  const agents = { http: new Agent(settings), https: new HttpsAgent(settings) };
  try {
    return await new UrlCheck(options, agents).check(files);
  } finally {
    agents.http.destroy();
    agents.https.destroy();
  }
}

/** An answer, judged. */
interface Judged {
  readonly verdict: Verdict;
  /** Whether the host may only know the page by its file. */
  readonly isUnknown: boolean;
}

class UrlCheck {
  readonly #options: PublicCheckOptions;
  readonly #agents: PublicAgents;
  readonly #end: number;
  readonly #failures: PublishFailure[] = [];
  readonly #warnings: string[] = [];
  #asked = 0;
  #inVain = 0;
  /** Whether the host knows the paths of pages; else their files are asked for. */
  #knowsPaths = true;

  constructor(options: PublicCheckOptions, agents: PublicAgents) {
    this.#options = options;
    this.#agents = agents;
    this.#end = performance.now() + options.seconds * 1000;
  }

  async check(files: readonly PublicFile[]): Promise<PublicCheck> {
    const { parallel, onProgress } = this.#options;
    let untried = 0;
    await inParallel(
      files,
      async (file) => {
        if (this.#inVain >= HOPELESS_FAILURES) {
          untried += 1;
          return;
        }
        await this.#checkFile(file);
        onProgress((this.#asked += 1), files.length);
      },
      parallel,
    );
    if (untried > 0)
      this.#failures.push({
        key: this.#options.publicUrl,
        reason: `${untried} more were not asked for, since the last ${HOPELESS_FAILURES} failed.`,
      });
    return { asked: this.#asked, failures: this.#failures, warnings: this.#warnings };
  }

  async #checkFile(file: PublicFile): Promise<void> {
    const { publicUrl } = this.#options;
    const fileUrl = publicUrl + pathOfName(file.key).slice(1);
    const pageUrl = file.pagePath === undefined ? undefined : publicUrl + file.pagePath;
    const hasPath = pageUrl !== undefined && this.#knowsPaths;
    let url = hasPath ? pageUrl : fileUrl;
    let found = await this.#judge(file, url, hasPath);
    // A host that only knows files is told by the first page.
    if (hasPath && found.isUnknown) {
      url = fileUrl;
      found = await this.#judge(file, url, false);
      if (found.verdict.kind === 'right') this.#warnOfPaths(pageUrl, fileUrl);
    }
    if (found.verdict.kind === 'right') this.#inVain = 0;
    else {
      this.#inVain += 1;
      this.#failures.push({ key: url, reason: found.verdict.reason });
    }
  }

  #warnOfPaths(pageUrl: string, fileUrl: string): void {
    if (this.#knowsPaths)
      this.#warnings.push(
        `${quote(pageUrl)} is not found, though ${quote(fileUrl)} is: visitors cannot open pages by their paths. Turn on the host's website mode, let the CDN add "index.html", or give routes a "file" such as "about.html".`,
      );
    this.#knowsPaths = false;
  }

  /** @param isPath - whether a path that is not found may be one that the host does not know: then it is not waited for */
  async #judge(file: PublicFile, url: string, isPath: boolean): Promise<Judged> {
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)) {
      const judged = await this.#ask(file, url);
      const { verdict, isUnknown } = judged;
      const passes = verdict.kind === 'wrong' && verdict.passes && !(isPath && isUnknown);
      if (!passes || performance.now() + pause > this.#end) return judged;
      await wait(pause);
    }
  }

  async #ask(file: PublicFile, url: string): Promise<Judged> {
    let answer: PublicAnswer;
    try {
      answer = await askPublicUrl(url, this.#agents);
    } catch (error) {
      const known = networkFailure(error, url, new URL(url).host);
      const reason = known?.error.message ?? `It does not answer: ${reasonOf(error)}`;
      return { verdict: { kind: 'wrong', reason, passes: known?.passes ?? true }, isUnknown: false };
    }
    const verdict = verdictOf(file, answer);
    return { verdict, isUnknown: verdict.kind === 'wrong' && isUnknownPath(file, answer) };
  }
}
