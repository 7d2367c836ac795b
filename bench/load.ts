import { execFile } from 'node:child_process';
import { Agent, request, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { numberIn } from './node-program.ts';

/** A URL that answers with known bytes. */
export interface Target {
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The answer's headers as they came, without `Date`. */
  readonly headers: readonly string[];
  /** Length of one whole answer, with its head. */
  readonly answerBytes: number;
}

const CONNECTIONS = 16;
/** As a reader would type it. */
export const LOAD = `wrk -t1 -c${CONNECTIONS}`;

/**
 * Asks once and compares the body.
 *
 * @throws Error when the answer is no 200 with these bytes
 */
export async function target(
  url: string,
  body: Uint8Array,
  requestHeaders: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const agent = new Agent({ keepAlive: true });
  try {
    const answer = await get(url, requestHeaders, agent);
    if (answer.statusCode !== 200 || !answer.body.equals(body)) {
      throw new Error(
        `${url} answers ${answer.statusCode} with ${answer.body.length} bytes, not 200 with the ${body.length} of its file.`,
      );
    }
    return { url, requestHeaders, headers: headersOf(answer.rawHeaders), answerBytes: answer.bytes };
  } finally {
    agent.destroy();
  }
}

interface Answer {
  readonly statusCode: number | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly bytes: number;
}

async function get(url: string, headers: Readonly<Record<string, string>>, agent: Agent): Promise<Answer> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { headers, agent }, resolve).on('error', reject).end();
  });
  const body = Buffer.concat(await message.toArray());
  const { statusCode, statusMessage, rawHeaders } = message;
  // Each header is "name: value" and a line break: two characters behind the one and two behind the other.
  const headBytes =
    `HTTP/1.1 ${statusCode} ${statusMessage}\r\n\r\n`.length +
    rawHeaders.reduce((sum, each) => sum + Buffer.byteLength(each, 'latin1') + 2, 0);
  return { statusCode, rawHeaders, body, bytes: headBytes + body.length };
}

function headersOf(rawHeaders: readonly string[]): string[] {
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index] !== 'Date') lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return lines.toSorted();
}

const SCRIPT = fileURLToPath(new URL('programs/summary.lua', import.meta.url));

/** Loads a URL and returns its answers per second; see {@link load}. */
export async function requestsPerSecond(asked: Target, seconds: number): Promise<number> {
  return (await load(asked, seconds)).requestsPerSecond;
}

/** What a load came to. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** 99 of 100 answers took no longer. */
  readonly p99Milliseconds: number;
}

/**
 * Loads a URL.
 *
 * @throws Error when an answer was not 2xx, a connection failed, or the bytes on the wire are not those of whole answers
 */
export async function load(
  { url, requestHeaders, answerBytes }: Target,
  seconds: number,
): Promise<LoadResult> {
  const headerArguments = Object.entries(requestHeaders).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const { stdout } = await promisify(execFile)(
    'wrk',
    ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', SCRIPT, ...headerArguments, url],
    { timeout: (seconds + 10) * 1000 },
  );
  const line = stdout.split('\n').find((each) => each.startsWith('{'));
  if (line === undefined) throw new Error(`wrk said nothing of ${url}:\n${stdout}`);
  const summary: unknown = JSON.parse(line);
  const requests = numberIn(summary, 'requests');
  const excess = numberIn(summary, 'bytes') - requests * answerBytes;
  if (requests === 0 || numberIn(summary, 'errors') > 0) throw new Error(`${url} failed under load: ${line}`);
  // Answers that were on their way at the end count with their bytes only.
  if (excess < 0 || excess > CONNECTIONS * answerBytes) {
    throw new Error(`${url} did not answer with ${answerBytes} bytes each time: ${line}`);
  }
  return {
    requestsPerSecond: requests / (numberIn(summary, 'microseconds') / 1e6),
    p99Milliseconds: numberIn(summary, 'p99Microseconds') / 1000,
  };
}
