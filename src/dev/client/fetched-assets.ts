import { assetOf, stampOf } from './asset-url.ts';
import type { Scope } from './scopes.ts';

/** Assets that were fetched; the value says whether a script has done so, to put them where nobody can look. */
type FetchedAssets = Map<string, boolean>;

/** The initiators (Resource Timing §4.3) that use a stylesheet otherwise than as an element or an import. */
const SCRIPTS: readonly unknown[] = ['script', 'fetch', 'xmlhttprequest'];

const fetchedHere: FetchedAssets = new Map();

// The list that the browser keeps by itself ends at 250 entries.
new PerformanceObserver((list) => note(fetchedHere, list.getEntries())).observe({
  type: 'resource',
  buffered: true,
});

/** What the page and its frames have fetched, but for what live reload has. */
export function fetchedIn(scopes: readonly Scope[]): FetchedAssets {
  const fetched = new Map(fetchedHere);
  for (const scope of scopes) {
    if (scope !== document && 'defaultView' in scope)
      note(fetched, scope.defaultView?.performance.getEntriesByType('resource') ?? []);
  }
  return fetched;
}

function note(fetched: FetchedAssets, entries: PerformanceEntryList): void {
  for (const entry of entries) {
    const asset = assetOf(entry.name);
    if (asset === undefined || stampOf(entry.name) !== null) continue;
    const isByScript = 'initiatorType' in entry && SCRIPTS.includes(entry.initiatorType);
    fetched.set(asset, isByScript || fetched.get(asset) === true);
  }
}
