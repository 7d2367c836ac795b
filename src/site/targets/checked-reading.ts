import { createHash } from 'node:crypto';
import { quote } from '../../core/text.ts';
import type { TargetContent } from './target.ts';
import { TargetError } from './target-error.ts';

/** A large file that is read piece by piece: what is read of one that changes meanwhile is no file at all. */
export class CheckedReading {
  readonly #content: TargetContent;
  readonly #key: string;
  readonly #hash = createHash('md5');
  #last: Promise<unknown> = Promise.resolve();

  /** @param key - as messages name it */
  constructor(content: TargetContent, key: string) {
    this.#content = content;
    this.#key = key;
  }

  /** Reads the next piece. The one before need not have arrived. */
  read(start: number, end: number): Promise<Uint8Array> {
    const piece = Promise.all([this.#content.bytes(start, end), this.#last]).then(([bytes]) => {
      this.#hash.update(bytes);
      return bytes;
    });
    this.#last = piece;
    return piece;
  }

  /**
   * Makes sure, once all is read, that it is what was meant.
   *
   * @throws {@link TargetError}
   */
  verify(): void {
    if (this.#hash.digest('hex') === this.#content.md5) return;
    throw new TargetError(
      'integrity',
      `${quote(this.#key)} has changed while it was written. Publish again when nothing writes to the site's folder.`,
    );
  }
}
