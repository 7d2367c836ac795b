import type { DotfileRule } from '../core/dotfiles.ts';

/** The patterns of a path's last segment; that of any name fits its folders as well. */
interface NamePatterns {
  readonly name: string;
  /** With an extension, so hardly ever a folder. */
  readonly nameWithExtension: string;
}

/** By its number, which needs no doubling in nginx's strings. It names no file on any server. */
const BACKSLASH = String.raw`\x5c`;
const IN_NAME = `[^/${BACKSLASH}]`;

/** Neither empty nor with a dot at the start. */
const PLAIN: NamePatterns = {
  name: `[^./${BACKSLASH}]${IN_NAME}*`,
  nameWithExtension: String.raw`[^./${BACKSLASH}]${IN_NAME}*\.${IN_NAME}*`,
};

const NO_DOT_SEGMENT = String.raw`(?!\.\.?(?:/|\z))`;
/** Neither empty nor `.` or `..`; a dot at the start begins no extension. */
const DOTTED: NamePatterns = {
  name: `${NO_DOT_SEGMENT}${IN_NAME}+`,
  nameWithExtension: String.raw`${NO_DOT_SEGMENT}${IN_NAME}+\.${IN_NAME}*`,
};

/**
 * The pattern (PCRE) of an asset's name, captured: it matches what `parseRequestPath` takes for an asset by the same
 * rule.
 */
export function assetCapture(
  { dotfiles, wellKnown }: DotfileRule,
  lastSegment: keyof NamePatterns = 'name',
): string {
  const patterns = dotfiles ? DOTTED : PLAIN;
  const atRoot = wellKnown && !dotfiles ? String.raw`(?:\.well-known/)?` : '';
  return `(?<static_url_asset>${atRoot}(?:${patterns.name}/)*${patterns[lastSegment]})`;
}
