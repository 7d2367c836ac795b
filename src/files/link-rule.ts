import { StaticUrlError } from '../core/errors.ts';
import { choiceOption, quote } from '../core/options.ts';
import { isInside, realPath } from './real-paths.ts';
import type { LinkGuard } from './scan-folder.ts';

/** Which symbolic links are followed: those that stay inside of the roots, or all. */
export type LinkRule = 'inside' | 'follow';

/**
 * Validates and defaults the option `symlinks`.
 *
 * @throws TypeError
 */
export function linkRuleOption(value: unknown): LinkRule {
  return choiceOption('symlinks', value, ['inside', 'follow'], 'inside');
}

/** Refuses links that lead out of the roots with a {@link StaticUrlError} `LINK_OUTSIDE`. */
export function guardRoots(roots: readonly string[]): LinkGuard {
  const realRoots = roots.map(realPath);
  return (link, target) => {
    if (isInside(target, realRoots)) return;
    throw new StaticUrlError(
      'LINK_OUTSIDE',
      `The symbolic link ${quote(link)} leads to ${quote(target)}, outside of the root. Remove it, or allow such links with "symlinks: 'follow'" (--follow-symlinks).`,
    );
  };
}
