import { StaticUrlError } from '../core/errors.ts';
import { optionError } from '../core/option-error.ts';
import { choice, type Kind } from '../core/option-kinds.ts';
import { quote } from '../core/text.ts';
import { isInside, realPath } from './real-paths.ts';
import type { LinkGuard } from './scan-folder.ts';

/** Which symbolic links are followed: those that stay inside the roots, or all. */
export type LinkRule = 'inside' | 'follow';

export const LINK_RULE: Kind<LinkRule> = choice('inside', 'follow');

/** Refuses links that point outside the roots, with a {@link StaticUrlError} `LINK_OUTSIDE`. */
export function guardRoots(roots: readonly string[]): LinkGuard {
  const realRoots = roots.map(realPath);
  return (link, target) => {
    if (isInside(target, realRoots)) return;
    throw optionError(
      'symlinks',
      (name) =>
        `The symbolic link ${quote(link)} points to ${quote(target)}, outside the roots. Remove it, or set ${name('symlinks')} to "follow".`,
      (message) => new StaticUrlError('LINK_OUTSIDE', message),
    );
  };
}
