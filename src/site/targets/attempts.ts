import { setTimeout as sleep } from 'node:timers/promises';
import { TargetError, type TargetFailureReason } from './target-error.ts';

/** Why a request failed, and whether another try may go better. */
export interface Failure {
  readonly error: TargetError;
  readonly passes: boolean;
}

/** A failure in words, without secrets. */
export function failure(reason: TargetFailureReason, message: string, passes = false): Failure {
  return { error: new TargetError(reason, message), passes };
}

/** How requests are tried. */
export interface Attempts {
  readonly attempts: number;
  readonly explain: (error: unknown) => Failure;
}

const LONGEST_PAUSE_MILLISECONDS = 8000;

/**
 * Asks again, after pauses that grow, what a service was too busy for or whose connection broke.
 *
 * @param ask - given how often it was asked before
 * @throws {@link TargetError} what came of the last try
 */
export async function tried<Answer>(
  { attempts, explain }: Attempts,
  ask: (before: number) => Promise<Answer>,
): Promise<Answer> {
  for (let before = 0; ; before += 1) {
    try {
      return await ask(before);
    } catch (error) {
      const { error: explained, passes } = explain(error);
      if (!passes || before + 1 >= attempts) throw explained;
    }
    // Somewhat random, so that what failed together does not come back together.
    const pause = Math.min(250 * 2 ** before, LONGEST_PAUSE_MILLISECONDS);
    await sleep(pause * (0.5 + Math.random() / 2));
  }
}
