import { maxHeaderSize } from 'node:http';

/** What an answer consists of, told as it comes. */
export interface AnswerParts {
  /** The final head: those that only announce another are passed over. */
  onHead(status: number, rawHeaders: readonly string[]): void;
  onBody(piece: Buffer): void;
}

type Step = 'head' | 'counted' | 'size' | 'chunk' | 'trailer' | 'untilEnd' | 'done';

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: [\t\u0020-\u007E\u0080-\u00FF]*)?$/;
const FIELD_LINE = /^([\w!#$%&'*+.^`|~-]+):[\t ]*([\t\u0020-\u007E\u0080-\u00FF]*)$/;
const CHUNK_SIZE = /^([\da-f]{1,12})[\t ]*(?:;.*)?$/i;
const END_OF_LINE = '\r\n';
const END_OF_HEAD = '\r\n\r\n';

/** Reads the answer to one GET off a connection (RFC 9112), and takes nothing for an answer that is none. */
export class AnswerReader {
  readonly #parts: AnswerParts;
  #step: Step = 'head';
  /** The begin of a head or a line whose end has not come yet. */
  #begun: Buffer | undefined;
  /** How many bytes of the body, or of its chunk with the end of its line, are to come. */
  #missing = 0;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /**
   * Takes the next bytes.
   *
   * @throws Error for what is no HTTP, and for what comes after the end
   */
  take(bytes: Buffer): void {
    for (let rest: Buffer | undefined = bytes; rest !== undefined && rest.length > 0;)
      rest = this.#read(rest);
  }

  /** Takes the end of the connection; returns whether the answer is whole. */
  end(): boolean {
    return this.#step === 'done' || this.#step === 'untilEnd';
  }

  /** Reads one part, and returns what is after it. */
  #read(bytes: Buffer): Buffer | undefined {
    switch (this.#step) {
      case 'head':
        return this.#upTo(END_OF_HEAD, bytes, (text) => this.#readHead(text));
      case 'size':
        return this.#upTo(END_OF_LINE, bytes, (text) => this.#readSize(text));
      case 'trailer':
        return this.#upTo(END_OF_LINE, bytes, (text) => {
          if (text === '') this.#step = 'done';
        });
      case 'counted':
        return this.#readCounted(bytes);
      case 'chunk':
        return this.#readChunk(bytes);
      case 'untilEnd':
        this.#parts.onBody(bytes);
        return undefined;
      case 'done':
        throw new Error('More came than the answer said.');
    }
  }

  #upTo(mark: string, bytes: Buffer, read: (text: string) => void): Buffer | undefined {
    const all = this.#begun === undefined ? bytes : Buffer.concat([this.#begun, bytes]);
    const end = all.indexOf(mark, 0, 'latin1');
    if ((end === -1 ? all.length : end) > maxHeaderSize) throw new Error('The head is too long.');
    this.#begun = end === -1 ? all : undefined;
    if (end === -1) return undefined;
    read(all.toString('latin1', 0, end));
    return all.subarray(end + mark.length);
  }

  #readHead(text: string): void {
    const [first = '', ...lines] = text.split(END_OF_LINE);
    const status = Number(STATUS_LINE.exec(first)?.[1]);
    const rawHeaders: string[] = [];
    const [lengths, codings]: [string[], string[]] = [[], []];
    for (const line of lines) {
      const [, name, padded = ''] = FIELD_LINE.exec(line) ?? [];
      if (name === undefined) throw new Error('A line of the head is no header.');
      const value = padded.replace(/[\t ]+$/, '');
      rawHeaders.push(name, value);
      if (name.length === 14 && name.toLowerCase() === 'content-length') lengths.push(value);
      if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') codings.push(value);
    }
    if (Number.isNaN(status)) throw new Error('The answer does not begin as HTTP.');
    if (status === 101) throw new Error('The answer changes the protocol.');
    if (status < 200) return;
    this.#step = this.#bodyOf(status, lengths, codings.join());
    this.#parts.onHead(status, rawHeaders);
  }

  /** How the body is delimited (RFC 9112 §6.3). */
  #bodyOf(status: number, lengths: readonly string[], codings: string): Step {
    if (lengths.length > 1 || (lengths.length > 0 && codings !== ''))
      throw new Error('The answer has two lengths.');
    const [length = ''] = lengths;
    if (lengths.length > 0 && !/^\d{1,15}$/.test(length)) throw new Error('The length is no number.');
    if (status === 204 || status === 304) return 'done';
    if (codings !== '') return /(?:^|,)[\t ]*chunked$/i.test(codings) ? 'size' : 'untilEnd';
    if (lengths.length === 0) return 'untilEnd';
    this.#missing = Number(length);
    return this.#missing === 0 ? 'done' : 'counted';
  }

  #readCounted(bytes: Buffer): Buffer {
    const piece = bytes.subarray(0, this.#missing);
    this.#missing -= piece.length;
    if (this.#missing === 0) this.#step = 'done';
    this.#parts.onBody(piece);
    return bytes.subarray(piece.length);
  }

  #readSize(text: string): void {
    const [, digits] = CHUNK_SIZE.exec(text) ?? [];
    if (digits === undefined) throw new Error('A chunk has no size.');
    const size = Number.parseInt(digits, 16);
    this.#missing = size + END_OF_LINE.length;
    this.#step = size === 0 ? 'trailer' : 'chunk';
  }

  #readChunk(bytes: Buffer): Buffer {
    const ofChunk = this.#missing - END_OF_LINE.length;
    if (ofChunk > 0) {
      const piece = bytes.subarray(0, ofChunk);
      this.#missing -= piece.length;
      this.#parts.onBody(piece);
      return bytes.subarray(piece.length);
    }
    if (bytes[0] !== END_OF_LINE.charCodeAt(END_OF_LINE.length - this.#missing))
      throw new Error('A chunk is longer than its size.');
    this.#missing -= 1;
    if (this.#missing === 0) this.#step = 'size';
    return bytes.subarray(1);
  }
}
