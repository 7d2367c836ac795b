/** Which names that start with a dot may be served. */
export interface DotfileRule {
  /** Everything that starts with a dot. */
  readonly dotfiles: boolean;
  /** The folder `.well-known` at the root (RFC 8615). */
  readonly wellKnown: boolean;
}

/** Whether one of a name's segments starts with a dot that the rule does not allow. */
export function hasDotfile(segments: readonly string[], rule: DotfileRule): boolean {
  if (rule.dotfiles) return false;
  return segments.some(
    (segment, index) =>
      segment.startsWith('.') && !(rule.wellKnown && index === 0 && segment === '.well-known'),
  );
}
