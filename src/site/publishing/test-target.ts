import { randomBytes } from 'node:crypto';
import { quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { Target } from '../targets/target.ts';
import { heedsConditions, isConditional } from './conditional-target.ts';
import { contentOf } from './content.ts';
import { publicUrlOf } from './public-url.ts';
import { checkPublicUrls } from './public-urls.ts';
import type { TestReport, TestStep, TestStepName } from './reports.ts';
import { reasonOf } from './upload-phases.ts';

/** For how long a public URL may be missing. */
const PUBLIC_SECONDS = 10;

/** Tries whether a target can be published to, step by step, and leaves nothing behind. */
export async function testTarget(site: ResolvedSite, target: Target): Promise<TestReport> {
  const test = new TargetTest(target, publicUrlOf(site, target));
  try {
    return await test.run();
  } finally {
    await target.close?.();
  }
}

/** Why a step is left out. */
class LeftOut extends Error {}

class TargetTest {
  readonly #target: Target;
  readonly #publicUrl: string | undefined;
  readonly #steps: TestStep[] = [];
  // Without a dot at its start: servers hide such files.
  readonly #key = `static-url-test-${randomBytes(8).toString('hex')}.txt`;
  readonly #content = contentOf(Buffer.from('A test of static-url, which is deleted again.\n'));
  readonly #headers: Readonly<Record<string, string>>;

  constructor(target: Target, publicUrl: string | undefined) {
    this.#target = target;
    this.#publicUrl = publicUrl;
    const wanted = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    this.#headers = Object.fromEntries(
      Object.entries(wanted).filter(([name]) => target.headers.includes(name)),
    );
  }

  async run(): Promise<TestReport> {
    await this.#step('sign in', [], async () => {
      // The first page shows whether it may be listed.
      const listing = this.#target.list()[Symbol.asyncIterator]();
      await listing.next();
      await listing.return?.();
    });
    await this.#step('upload', ['sign in'], async () => {
      await this.#target.write(this.#key, this.#content, this.#headers);
    });
    await this.#step('read it back', ['upload'], () => this.#readBack());
    await this.#step('conditional writes', ['upload'], () => this.#tryConditions());
    await this.#step('read its public URL', ['upload'], () => this.#readPublicly());
    await this.#step('delete', ['upload'], () => this.#delete());
    return {
      target: this.#target.name,
      passed: this.#steps.every(({ result }) => result !== 'failed'),
      steps: this.#steps,
    };
  }

  async #step(name: TestStepName, needed: readonly TestStepName[], work: () => Promise<void>): Promise<void> {
    const missing = needed.find((each) => this.#resultOf(each) !== 'passed');
    if (missing !== undefined) {
      this.#steps.push({ name, result: 'left out', message: `The step "${missing}" did not pass.` });
      return;
    }
    try {
      await work();
      this.#steps.push({ name, result: 'passed' });
    } catch (error) {
      const result = error instanceof LeftOut ? 'left out' : 'failed';
      this.#steps.push({ name, result, message: reasonOf(error) });
    }
  }

  #resultOf(name: TestStepName): TestStep['result'] | undefined {
    return this.#steps.find((step) => step.name === name)?.result;
  }

  async #readBack(): Promise<void> {
    const found = await this.#target.read(this.#key);
    const stored = await this.#target.inspect(this.#key);
    if (found === undefined || stored === undefined)
      throw new Error(`${quote(this.#key)} was uploaded, and is not there.`);
    if (contentOf(found.bytes).md5 !== this.#content.md5)
      throw new Error(`${quote(this.#key)} was uploaded, and has other bytes.`);
    for (const [name, value] of Object.entries(this.#headers))
      if (stored.headers[name] !== value)
        throw new Error(
          `${quote(this.#key)} was uploaded with the header ${name}: ${quote(value)}, and has ${quote(stored.headers[name])}.`,
        );
  }

  async #tryConditions(): Promise<void> {
    const refusal = 'Two publishes at once could not be kept apart: publish with "lock: false" (--no-lock).';
    if (!isConditional(this.#target)) throw new LeftOut(`It has no conditional writes. ${refusal}`);
    const [target, key, headers] = [this.#target, this.#key, this.#headers];
    const other = contentOf(Buffer.from('Another text.\n'));
    const tag = (await target.read(key))?.tag ?? '';
    const written = await target.writeIf(key, other, headers, { tag });
    const again = written && (await target.writeIf(key, this.#content, headers, { tag: written.tag }));
    if (written === undefined || again === undefined)
      throw new Error(`It refuses a write whose condition holds. ${refusal}`);
    if (await heedsConditions(target, key, other, headers, written.tag)) return;
    await target.write(key, this.#content, headers);
    throw new LeftOut(`It does not heed the conditions of writes. ${refusal}`);
  }

  async #readPublicly(): Promise<void> {
    const publicUrl = this.#publicUrl;
    if (publicUrl === undefined) throw new LeftOut('It has no public URL ("publicUrl" is false).');
    const file = { key: this.#key, md5: this.#content.md5, headers: this.#headers };
    const check = { publicUrl, parallel: 1, seconds: PUBLIC_SECONDS, onProgress: () => {} };
    const {
      failures: [failure],
    } = await checkPublicUrls([file], check);
    if (failure !== undefined) throw new Error(`${failure.key}: ${failure.reason}`);
  }

  async #delete(): Promise<void> {
    try {
      await this.#target.delete(this.#key);
    } catch (error) {
      throw new Error(`${reasonOf(error)} ${quote(this.#key)} is still there: delete it yourself.`, {
        cause: error,
      });
    }
    if ((await this.#target.inspect(this.#key)) !== undefined)
      throw new Error(`${quote(this.#key)} was deleted, and is still there. Delete it yourself.`);
  }
}
