import { mayRefer } from '../references/find-references.ts';
import { resolveReference } from '../references/resolve-reference.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Reads as web app manifests the files that documents link to as such, but whose extension does not say so:
 * `manifest.json`. What none links to any more is read as what it was before.
 *
 * @param read - reads one file anew
 */
export function readLinkedManifests(
  sources: Map<string, SourceFile>,
  read: (source: SourceFile, isWebManifest: boolean) => SourceFile | undefined,
): void {
  const linked = linkedManifests(sources);
  for (const source of sources.values()) {
    const isWebManifest = linked.has(source.name);
    const renewed = isWebManifest === source.isWebManifest ? source : read(source, isWebManifest);
    if (renewed !== undefined) sources.set(source.name, renewed);
  }
}

function linkedManifests(sources: ReadonlyMap<string, SourceFile>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, references } of sources.values()) {
    for (const reference of references) {
      if (reference.kind !== 'web-manifest') continue;
      const resolved = resolveReference(name, reference);
      if (resolved.kind === 'asset' && !mayRefer(resolved.name)) names.add(resolved.name);
    }
  }
  return names;
}
