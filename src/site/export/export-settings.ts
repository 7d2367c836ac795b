import { versionOf } from '../../core/hash.ts';
import { isStringList } from '../../core/option-kinds.ts';
import { sourcesOf } from '../../serve/index.ts';
import type { SiteAssets } from '../options.ts';
import type { ResolvedSite } from '../resolve-site.ts';

/** Another one where this package makes other pages of equal answers. */
const FORMAT = 1;

/** What an export leaves for the next. */
export interface ExportSettings {
  /** Of all that every page depends on. */
  readonly depends: string;
  /** What the links of its pages are numbers in. */
  readonly targets: readonly string[];
}

/** What every page of a site depends on besides its content: with another text all pages are rendered. */
export function dependsOn(
  { place, languages, stripOriginPath, revision }: ResolvedSite,
  assets: SiteAssets | undefined,
): string {
  const named = assets && [assets.version, sourcesOf(assets)?.prefix.href];
  return versionOf(
    JSON.stringify([FORMAT, place, languages, stripOriginPath, revision ?? null, named ?? null]),
  );
}

/** Reads what the last export left; one that cannot be read is none. */
export function readSettings(text: string | undefined): ExportSettings | undefined {
  if (text === undefined) return undefined;
  try {
    const { depends, targets }: { readonly depends?: unknown; readonly targets?: unknown } = Object(
      JSON.parse(text),
    );
    return typeof depends === 'string' && isStringList(targets) ? { depends, targets } : undefined;
  } catch {
    return undefined;
  }
}
