import { WrongReply, type Wanted } from './replies.ts';

/** No line of memcached is as long: the longest have a key, escaped, and some numbers. */
const LONGEST_LINE_BYTES = 2048;

/** What has arrived and is not yet read. */
export class Input {
  #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Takes a line, without its end, or so many bytes; `undefined` where more has to arrive. */
  take(wanted: Wanted): Buffer | undefined {
    if (typeof wanted === 'number') return this.#length < wanted ? undefined : this.#cut(wanted);
    const [first] = this.#chunks;
    if (first === undefined) return undefined;
    const bytes = this.#chunks.length === 1 ? first : this.#join();
    const end = bytes.indexOf('\n');
    if (end === -1 && this.#length > LONGEST_LINE_BYTES) throw new WrongReply(this.peek());
    if (end === -1) return undefined;
    const line = this.#cut(end + 1);
    return line.subarray(0, line.at(-2) === 0x0d ? -2 : -1);
  }

  /** How what has arrived begins, for a message. */
  peek(): string {
    return this.#join().toString('latin1', 0, 80);
  }

  #join(): Buffer {
    const bytes = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [bytes];
    return bytes;
  }

  /** A copy, so that a small item does not keep all that arrived with it. */
  #cut(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks.shift() ?? Buffer.alloc(0);
      const part = chunk.subarray(0, length - filled);
      part.copy(bytes, filled);
      filled += part.length;
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(part.length));
    }
    this.#length -= length;
    return bytes;
  }
}
