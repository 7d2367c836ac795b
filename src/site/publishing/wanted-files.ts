import { quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { Target } from '../targets/target.ts';
import type { WantedFile } from './compare-file.ts';
import { headersOfFile } from './file-headers.ts';
import type { LocalFile } from './local-site.ts';

/** The files of a site with the headers that a target is to keep, and a warning for each header that it cannot. */
export function wantedFiles(
  files: readonly LocalFile[],
  { place, headers: rules }: Pick<ResolvedSite, 'place' | 'headers'>,
  target: Target,
  publicUrl: string | undefined,
): { readonly wanted: WantedFile[]; readonly warnings: string[] } {
  const publicPath = publicUrl === undefined ? place.basePath : new URL(publicUrl).pathname;
  const settings = { place, rules, kept: target.headers, publicPath };
  const lostNames = new Set<string>();
  const wanted = files.map((file) => {
    const { headers, lost } = headersOfFile(file, settings);
    for (const name of lost) lostNames.add(name);
    return { file, headers };
  });
  // What keeps none at all, such as a folder, has a server that is told of them.
  const warnings = target.headers.length === 0 ? [] : [...lostNames].map((name) => lostHeader(target, name));
  return { wanted, warnings };
}

function lostHeader({ name: target }: Target, name: string): string {
  return `${quote(target)} cannot keep the header ${quote(name)}: let the CDN in front of it send it.`;
}
