import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { copyBlog, exportBlog, runCommand } from './blog-process.ts';
import { ask, pathsOf, POST, startLive, type Answer } from './blog-questions.ts';

// One after the other: each starts half a dozen processes.
test.serial(
  'the exported example behind nginx answers every URL as the live app does, and what is missing too',
  async (t) => {
    const folder = await copyBlog(t);
    const site = await exportBlog(t, folder);
    const live = await startLive(t, folder);
    const paths = await pathsOf(folder, site);
    t.true(paths.length > 7);
    for (const path of [...paths, '/nothing-here', '/posts/nothing', '/login', `${POST}/edit`])
      t.deepEqual(await ask(site.url + path), await ask(live + path), path);
    t.is((await ask(site.url + POST)).status, 200);
    t.is((await ask(`${site.url}/nothing-here`)).status, 404);
    t.is(await site.end(), 0);
  },
);

/** Asks for pages, and all that they name, again and again. */
class Prober {
  readonly faults = new Set<string>();
  readonly #site: string;
  readonly #paths: readonly string[];
  readonly #running: Promise<void>;
  #isEnding = false;
  #rounds = 0;
  #onRound: () => void = () => {};

  constructor(site: string, paths: readonly string[]) {
    this.#site = site;
    this.#paths = paths;
    this.#running = this.#run();
    this.#running.catch(() => {});
  }

  /** Resolves once a whole round has begun and ended after the call. */
  async wholeRound(): Promise<void> {
    const last = this.#rounds + 2;
    while (this.#rounds < last)
      await Promise.race([this.#running, new Promise<void>((resolve) => (this.#onRound = resolve))]);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      const asked = new Set<string>();
      for (const path of this.#paths) {
        const { body } = await this.#ask(path, 'a page');
        const named = body.matchAll(/(?:href|src)="(\/static\/[0-9a-f]{16}\/[^"]+)"/g);
        for (const [, asset = ''] of named)
          if (!asked.has(asset)) await this.#ask(asset, path).then(() => asked.add(asset));
      }
      this.#rounds += 1;
      this.#onRound();
    }
  }

  async #ask(path: string, from: string): Promise<Answer> {
    const answer = await ask(this.#site + path);
    if (answer.status !== 200) this.faults.add(`${answer.status} ${path} (${from})`);
    return answer;
  }
}

for (const swap of ['link', 'files']) {
  test.serial(
    `the example is exported with swap: '${swap}' while a prober is at work, which finds every page and all that they name`,
    async (t) => {
      const folder = await copyBlog(t);
      const config = join(folder, 'static-url.config.js');
      const text = await readFile(config, 'utf8');
      t.true(text.includes("swap: 'link'"));
      await writeFile(config, text.replace("swap: 'link'", `swap: '${swap}'`));
      const site = await exportBlog(t, folder);
      const before = await ask(site.url + POST);
      const paths = (await pathsOf(folder, site)).filter((path) => path !== '/404');
      const prober = new Prober(site.url, paths);
      await prober.wholeRound();

      await appendFile(join(folder, 'public/css/site.css'), 'p { margin: 1px }');
      await appendFile(join(folder, 'views', `${POST}.ejs`), '<p>Just edited.</p>');
      await runCommand(folder, site, 'release');
      const { stdout } = await runCommand(folder, site, 'export');
      t.regex(stdout, /The site is in/);
      await prober.wholeRound();
      await prober.end();
      t.deepEqual([...prober.faults], []);

      const after = await ask(site.url + POST);
      t.regex(after.body, /Just edited/);
      const [old = '', current = ''] = [before, after].map(
        ({ body }) => /\/static\/\w+\/css\/site\.css/.exec(body)?.[0],
      );
      t.not(current, old);
      t.regex((await ask(site.url + current)).body, /margin: 1px/);
      // Whoever has the old page still gets the old file.
      t.notRegex((await ask(site.url + old)).body, /margin: 1px/);
      t.is(await site.end(), 0);
    },
  );
}
