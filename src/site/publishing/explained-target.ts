import { StaticUrlError } from '../../core/errors.ts';
import { TargetError } from '../targets/target-error.ts';
import type { Target, TargetObject } from '../targets/target.ts';

/**
 * A target whose every error is a {@link TargetError}. One that a user has written may throw what it likes, and only the message is known
 * to be for people.
 */
export function explainedTarget(target: Target): Target {
  const get = (_: object, name: string): unknown => {
    const value: unknown = Reflect.get(target, name);
    if (typeof value !== 'function' || name === 'purge') return value;
    if (name === 'list') return () => explainedList(target);
    return async (...given: unknown[]): Promise<unknown> => {
      try {
        return await Reflect.apply(value, target, given);
      } catch (error) {
        throw targetError(error);
      }
    };
  };
  // It has what the target has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new Proxy({}, { get }) as Target;
}

async function* explainedList(target: Target): AsyncGenerator<TargetObject> {
  try {
    yield* target.list();
  } catch (error) {
    throw targetError(error);
  }
}

function targetError(error: unknown): Error {
  if (error instanceof StaticUrlError) return error;
  return new TargetError('other', error instanceof Error ? error.message : String(error), error);
}
