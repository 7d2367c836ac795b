import { optionError } from '../../core/errors.ts';
import { validated, type Kind } from '../../core/option-kinds.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import type { Target } from './target.ts';

const NEEDED = ['list', 'inspect', 'read', 'write', 'delete'] as const;

/** Whether a value has what every target has. */
export function isTarget(value: unknown): value is Target {
  const given: Readonly<Record<string, unknown>> = Object(value);
  return (
    typeof given['name'] === 'string' &&
    Array.isArray(given['headers']) &&
    NEEDED.every((name) => typeof given[name] === 'function')
  );
}

/** The option `targets`. */
export const TARGETS_KIND: Kind<Readonly<Record<string, Target>>> = validated(
  { kind: 'none' },
  (value, option) => {
    if (!isPlainObject(value))
      throw optionError(
        option,
        (naming) => `${naming(option)} is a plain object of targets by name, not ${quote(value)}.`,
      );
    for (const [name, target] of Object.entries(value))
      if (!isTarget(target))
        throw optionError(
          option,
          (naming) =>
            `${naming(option)} gives ${quote(name)} what is no target. Give it what s3Target(), gcsTarget(), azureTarget() or directoryTarget() returns.`,
        );
  },
);
