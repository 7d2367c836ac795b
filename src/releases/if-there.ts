import { systemErrorCode } from '../core/errors.ts';

/** What a file operation gives, or `undefined` when its file is not there: another run may be faster. */
export async function ifThere<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
