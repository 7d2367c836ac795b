import { didYouMean, quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { Target } from '../targets/target.ts';
import { isTarget } from '../targets/targets-kind.ts';

/** The name of the target that is meant where none is named. */
export function defaultTargetName(targets: ResolvedSite['targets']): string {
  const [first = 'default', ...others] = Object.keys(targets);
  return others.length === 0 ? first : 'default';
}

/**
 * The target that is meant: one of the option `targets` by its name, or a target itself; without either `default`, or the only one.
 *
 * @throws TypeError when there is no such target
 */
export function chosenTarget(
  { targets }: Pick<ResolvedSite, 'targets'>,
  given: string | Target | undefined,
): Target {
  if (given !== undefined && typeof given !== 'string') {
    if (isTarget(given)) return given;
    throw new TypeError(
      `A target is a name of "targets", or what s3Target() and its like return, not ${quote(given)}.`,
    );
  }
  const names = Object.keys(targets);
  if (names.length === 0)
    throw new TypeError(
      'The site has no target. Name one: targets: { default: s3Target({ bucket: "www.example.com" }) }.',
    );
  const name = given ?? defaultTargetName(targets);
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (target !== undefined) return target;
  const list = names.map(quote).join(', ');
  throw new TypeError(
    given === undefined
      ? `The site has no target ${quote(name)}. Say which one is meant: ${list}.`
      : `The site has no target ${quote(given)}.${didYouMean(given, names)} It has: ${list}.`,
  );
}
