import type { IncomingHttpHeaders } from 'node:http';
import { parseByteRange } from '../http/byte-range.ts';
import { evaluateConditions, isRangeOfSameBody, type Validators } from '../http/conditional.ts';

/** How a file that is there is answered. */
export type FileDecision =
  | { readonly kind: 'whole' }
  /** From `start` up to but without `end`, in bytes. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'refuse'; readonly status: 412 | 416 };

const WHOLE: FileDecision = { kind: 'whole' };
const NOT_MODIFIED: FileDecision = { kind: 'not-modified' };

/** A file as conditions and ranges see it. */
export interface FileState {
  readonly validators: Validators;
  /** In bytes. */
  readonly size: number;
}

/**
 * Decides about conditions and ranges in the order of RFC 9110 §13.2.2. A range counts for GET only (§14.2).
 *
 * @param stateOf - gives the file's state, which most requests do not ask for
 */
export function decideFile(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  stateOf: () => FileState,
): FileDecision {
  const { range } = headers;
  const conditional =
    headers['if-none-match'] !== undefined ||
    headers['if-modified-since'] !== undefined ||
    headers['if-match'] !== undefined ||
    headers['if-unmodified-since'] !== undefined;
  if (!conditional && range === undefined) return WHOLE;
  const { validators, size } = stateOf();
  const result = evaluateConditions(headers, validators);
  if (result === 'not-modified') return NOT_MODIFIED;
  if (result === 'failed') return { kind: 'refuse', status: 412 };
  if (range === undefined || method !== 'GET' || !isRangeOfSameBody(ifRangeOf(headers), validators))
    return WHOLE;
  const bytes = parseByteRange(range, size);
  return bytes.kind === 'unsatisfiable' ? { kind: 'refuse', status: 416 } : bytes;
}

function ifRangeOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['if-range'];
  return Array.isArray(value) ? value.join(', ') : value;
}
