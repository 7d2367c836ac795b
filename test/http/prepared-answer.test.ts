import test from 'ava';
import { decideAnswer, type AnswerDecision } from '../../src/http/prepared-answer.ts';

const WHOLE = {
  'Content-Length': 10,
  ETag: '"abc"',
  'Last-Modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
};

const decisions: readonly (readonly [string, Record<string, string>, AnswerDecision])[] = [
  ['GET', {}, { kind: 'whole' }],
  ['GET', { 'if-none-match': '"abc"', range: 'bytes=0-3' }, { kind: 'not-modified' }],
  ['GET', { 'if-match': '"x"', range: 'bytes=0-3' }, { kind: 'refuse', status: 412 }],
  ['GET', { 'if-none-match': '"x"', range: 'bytes=0-3' }, { kind: 'part', start: 0, end: 4 }],
  ['GET', { range: 'bytes=10-' }, { kind: 'refuse', status: 416 }],
  ['GET', { range: 'bytes=0-1,4-5' }, { kind: 'whole' }],
  ['GET', { range: 'bytes=0-3', 'if-range': '"abc"' }, { kind: 'part', start: 0, end: 4 }],
  ['GET', { range: 'bytes=10-', 'if-range': '"x"' }, { kind: 'whole' }],
  ['HEAD', { range: 'bytes=10-' }, { kind: 'whole' }],
];

for (const [method, headers, decision] of decisions) {
  test(`decideAnswer() of a ${method} with ${JSON.stringify(headers)} is ${JSON.stringify(decision)}`, (t) =>
    t.deepEqual(decideAnswer(method, headers, WHOLE), decision));
}
