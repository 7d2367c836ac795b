import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { AnswerReader } from '../../src/render/answer-reader.ts';

/** What came of an answer. */
interface Outcome {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  /** `undefined` where it is not whole. */
  readonly body: string | undefined;
}

const BROKEN: Outcome = { status: undefined, headers: [], body: undefined };

/** What the reader makes of an answer that comes in pieces. */
function readPieces(pieces: readonly Buffer[]): Outcome {
  let [status, headers, body]: [number | undefined, readonly string[], string] = [undefined, [], ''];
  const reader = new AnswerReader({
    onHead: (code, rawHeaders) => {
      [status, headers] = [code, rawHeaders];
    },
    onBody: (piece) => {
      body += piece.toString('latin1');
    },
  });
  try {
    for (const piece of pieces) reader.take(piece);
  } catch {
    return { status, headers, body: undefined };
  }
  return { status, headers, body: reader.end() ? body : undefined };
}

/** What Node's client makes of an answer. */
async function askNode(t: ExecutionContext, answer: Buffer): Promise<Outcome> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => void socket.end(answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', agent: false, path: '/' }, (response) => {
      const { statusCode: status, rawHeaders: headers } = response;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve({ status, headers, body: undefined }));
      response.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks).toString('latin1') }));
    });
    asked.on('error', () => resolve(BROKEN));
    asked.end();
  });
}

const lines = (...all: readonly string[]): string => all.join('\r\n');

/** Answers that reader and Node take alike. */
const ANSWERS: Record<string, string> = {
  'with a length': lines('HTTP/1.1 200 OK', 'Content-Length: 5', 'X-A: 1', 'x-a:2', '', 'hello'),
  'with the length 0': lines('HTTP/1.1 200 OK', 'Content-Length: 0', '', ''),
  'of chunks': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    '5',
    'hello',
    '6;a=b',
    ' world',
    '0',
    '',
    '',
  ),
  'of chunks whose sizes are long': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    '000A',
    '0123456789',
    '0',
    '',
    '',
  ),
  'of chunks with trailers': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: Chunked',
    '',
    '1',
    'a',
    '0',
    'X-Sum: 1',
    '',
    '',
  ),
  'of chunks that are coded too': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: gzip, chunked',
    '',
    '1',
    'a',
    '0',
    '',
    '',
  ),
  'that ends with the connection': lines('HTTP/1.1 200 OK', 'Content-Type: text/html', '', 'hello'),
  'of HTTP/1.0': lines('HTTP/1.0 200 OK', '', 'hello'),
  'without a reason': lines('HTTP/1.1 404', 'Content-Length: 2', '', 'no'),
  'with a reason of several words': lines('HTTP/1.1 404 Not found here', 'Content-Length: 2', '', 'no'),
  'after early hints': lines(
    'HTTP/1.1 103 Early Hints',
    'Link: </a>',
    '',
    'HTTP/1.1 200 OK',
    'Content-Length: 1',
    '',
    'a',
  ),
  'with 204': lines('HTTP/1.1 204 No Content', '', ''),
  'with 304 and the length of what it is about': lines(
    'HTTP/1.1 304 Not Modified',
    'Content-Length: 5',
    '',
    '',
  ),
  'with space around values': lines(
    'HTTP/1.1 200 OK',
    'X-A: \t 1 2 \t ',
    'X-B:',
    'Content-Length: 0',
    '',
    '',
  ),
  'with Latin-1 in a header': lines('HTTP/1.1 200 OK', 'X-A: caf\u00E9', 'Content-Length: 0', '', ''),
  'that is cut in its body': lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'hel'),
  'that is cut in a chunk': lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hel'),
  'without the last chunk': lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hello', ''),
  'that is cut in its head': 'HTTP/1.1 200 OK\r\nContent-Le',
  'that is empty': '',
  'that is no HTTP': lines('Hello', '', ''),
  'of another protocol': lines('ICY 200 OK', '', ''),
  'with a status of two digits': lines('HTTP/1.1 20 OK', 'Content-Length: 0', '', ''),
  'with a header that has no name': lines('HTTP/1.1 200 OK', ': 1', 'Content-Length: 0', '', ''),
  'with space in the name of a header': lines('HTTP/1.1 200 OK', 'X A: 1', 'Content-Length: 0', '', ''),
  'with space after the name of a header': lines('HTTP/1.1 200 OK', 'X-A : 1', 'Content-Length: 0', '', ''),
  'with a control character in a header': lines(
    'HTTP/1.1 200 OK',
    'X-A: a\u0000b',
    'Content-Length: 0',
    '',
    '',
  ),
  'with two lengths': lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 1', '', 'a'),
  'with a length and chunks': lines(
    'HTTP/1.1 200 OK',
    'Content-Length: 1',
    'Transfer-Encoding: chunked',
    '',
    '1',
    'a',
    '0',
    '',
    '',
  ),
  'with a length that is no number': lines('HTTP/1.1 200 OK', 'Content-Length: +1', '', 'a'),
  'with an empty length': lines('HTTP/1.1 200 OK', 'Content-Length: ', '', ''),
  'with a chunk whose size is no number': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    'x',
    'a',
    '0',
    '',
    '',
  ),
  'with a chunk longer than its size': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    '1',
    'ab',
    '0',
    '',
    '',
  ),
  'with a head that is too long': lines(
    'HTTP/1.1 200 OK',
    `X-A: ${'a'.repeat(20_000)}`,
    'Content-Length: 0',
    '',
    '',
  ),
};

/** Of a body that is broken, Node may have told the head or not. */
function comparable(outcome: Outcome): Outcome {
  return outcome.body === undefined ? BROKEN : outcome;
}

for (const [what, text] of Object.entries(ANSWERS)) {
  test(`AnswerReader takes an answer ${what} as Node's client does, in however many pieces`, async (t) => {
    const bytes = Buffer.from(text, 'latin1');
    const expected = await askNode(t, bytes);
    const cuts = [bytes.length, 7, 3, 1];
    for (const size of cuts) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      t.deepEqual(comparable(readPieces(pieces)), comparable(expected), `pieces of ${size}`);
    }
  });
}

for (const [what, text] of Object.entries({
  'a body with a length': lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'hello world'),
  'the last chunk': lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '0', '', 'more'),
  'an answer without a body': lines('HTTP/1.1 204 No Content', '', 'more'),
  'an answer that changes the protocol': lines('HTTP/1.1 101 Switching', 'Upgrade: x', '', ''),
})) {
  test(`AnswerReader takes nothing after ${what}`, (t) => {
    t.is(readPieces([Buffer.from(text)]).body, undefined);
  });
}
