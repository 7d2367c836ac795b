import { scriptUrl, withoutCredentials } from './connection.ts';

/** What marks the URL of a stylesheet that was swapped; the value says with which change. */
const PARAMETER = 'live-reload';
const VERSION = /^[0-9a-f]{16}\//;

const prefix = new URL('..', scriptUrl).href.replace(/\/[0-9a-f]{16}\/$/, '/');

/** The name of the asset behind an absolute URL, whichever its version; `undefined` for a URL of anything else. */
export function assetOf(href: string): string | undefined {
  const [path = ''] = withoutCredentials(href).split(/[?#]/);
  if (!path.startsWith(prefix)) return undefined;
  try {
    return decodeURIComponent(path.slice(prefix.length).replace(VERSION, ''));
  } catch {
    return undefined;
  }
}

/** The change that a URL was last renewed for; `null` when it is the page's own. */
export function stampOf(href: string): string | null {
  return new URL(href).searchParams.get(PARAMETER);
}

/** The URL to load an asset from again. */
export function withStamp(href: string, stamp: string): string {
  const url = new URL(withoutCredentials(href));
  url.searchParams.set(PARAMETER, stamp);
  return url.href;
}

/** Something with stylesheets of its own. */
type Scope = Document | ShadowRoot;

/** The scopes that can be reached from the page: open shadow roots, and frames of the same origin. */
export function scopesOf(scope: Scope = document): Scope[] {
  const shadows = [...scope.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot);
  const frames = [...scope.querySelectorAll<HTMLIFrameElement | HTMLObjectElement>('iframe, frame, object')]
    .map(({ contentDocument }) => contentDocument)
    .filter((inside) => inside !== null && !hasLiveReload(inside));
  const inner = [...shadows, ...frames].filter((each) => each !== null);
  return [scope, ...inner.flatMap((each) => scopesOf(each))];
}

/** Whether a document runs live reload itself. */
function hasLiveReload({ scripts }: Document): boolean {
  return [...scripts].some(({ src }) => withoutCredentials(src) === scriptUrl);
}

/** Assets that were fetched; the value says whether a script did it, which may use them where nobody can look. */
type FetchedAssets = Map<string, boolean>;

/** The initiators (Resource Timing §4.3) that use a stylesheet otherwise than as an element or an import. */
const SCRIPTS: readonly unknown[] = ['script', 'fetch', 'xmlhttprequest'];

const fetchedHere: FetchedAssets = new Map();

// The browser's own list ends at 250 entries.
new PerformanceObserver((list) => note(fetchedHere, list.getEntries())).observe({
  type: 'resource',
  buffered: true,
});

/** What the page and its frames have fetched, except what live reload has. */
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
