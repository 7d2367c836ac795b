import { choiceOption } from '../core/options.ts';

/** What a version that a server does not know gets: the current bytes, which nobody may store, or a 404. */
export type UnknownVersionAnswer = 'current-bytes' | 'not-found';

/** All of them. */
export const UNKNOWN_VERSION_ANSWERS: readonly UnknownVersionAnswer[] = ['current-bytes', 'not-found'];

/**
 * Validates and defaults the option `unknownVersion`.
 *
 * @throws TypeError
 */
export function unknownVersionOption(value: unknown): UnknownVersionAnswer {
  return choiceOption('unknownVersion', value, UNKNOWN_VERSION_ANSWERS, 'current-bytes');
}
