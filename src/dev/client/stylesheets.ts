/** What marks the URL of a stylesheet that was swapped; the value says with which change. */
const PARAMETER = 'live-reload';
const VERSION = /^[0-9a-f]{16}\//;
/** How the CSS Object Model serialises the beginning of an import. */
const IMPORT_URL = /^@import\s+url\("(?:[^"\\]|\\.)*"\)/;
const LONGEST_LOAD_MILLISECONDS = 10_000;

type Owner = HTMLLinkElement | HTMLStyleElement;

const prefix = new URL('..', import.meta.url).href.replace(/\/[0-9a-f]{16}\/$/, '/');
/** The last change of each asset; whatever was loaded before it is out of date. */
const latest = new Map<string, string>();
const fetched = new Set<string>();
let renewing: Promise<void> = Promise.resolve();

// The list that the browser keeps by itself ends at 250 entries.
new PerformanceObserver((list) => {
  for (const { name } of list.getEntries()) fetched.add(assetOf(name) ?? '');
}).observe({ type: 'resource', buffered: true });

/**
 * Loads changed stylesheets anew, in place, wherever the page links or imports them.
 *
 * @param stamp - names the change; never given twice
 * @returns whether that was all: `false` when the page has one of them in a way that cannot be renewed
 */
export function renewStylesheets(assets: readonly string[], stamp: string): Promise<boolean> {
  for (const asset of assets) latest.set(asset, stamp);
  // One after the other: a second edit must find the first one's result, not race with it.
  const renewed = renewing.then(async () => {
    const used = new Set<string>();
    const owners = document.querySelectorAll<Owner>('link[rel~="stylesheet" i], style');
    await Promise.all([...owners].map((owner) => renewOwner(owner, used)));
    // Fetched, but used by no element: for example imported by a module.
    return !assets.some((asset) => fetched.has(asset) && !used.has(asset));
  });
  renewing = renewed.then(
    () => undefined,
    () => undefined,
  );
  return renewed;
}

/**
 * Replaces an element with a copy, which takes effect only when it is complete with all its imports: a page that is
 * without styles for a moment loses its scroll position, and transitions start.
 */
async function renewOwner(owner: Owner, used: Set<string>): Promise<void> {
  const isLink = owner instanceof HTMLLinkElement;
  const url = isLink ? staleUrl(owner.href, used) : undefined;
  const hasStaleImport = owner.sheet !== null && findStaleImports(owner.sheet, used);
  if (url === undefined && !hasStaleImport) return;
  if (isLink && owner.disabled) {
    owner.href = url ?? owner.href; // not loaded before a script enables it
    return;
  }
  const fresh = owner.cloneNode(true);
  if (!(fresh instanceof HTMLLinkElement || fresh instanceof HTMLStyleElement)) return;
  const media = owner.getAttribute('media');
  fresh.media = 'not all';
  fresh.removeAttribute('integrity');
  if (fresh instanceof HTMLLinkElement && url !== undefined) fresh.href = url;
  const isLoaded = loaded(fresh);
  owner.after(fresh);
  const isComplete = (await isLoaded) && fresh.sheet !== null && (await renewImports(fresh.sheet));
  if (!isComplete || !owner.isConnected) {
    fresh.remove();
    return;
  }
  if (media === null) fresh.removeAttribute('media');
  else fresh.media = media;
  owner.remove();
}

/** Whether an element has loaded; without an event, when a script of the page has removed it, at last not. */
function loaded(element: Owner): Promise<boolean> {
  return new Promise((resolve) => {
    element.addEventListener('load', () => resolve(true));
    element.addEventListener('error', () => resolve(false));
    setTimeout(resolve, LONGEST_LOAD_MILLISECONDS, false);
  });
}

/** Whether a stylesheet imports one that is out of date, at any depth; looks at all of them. */
function findStaleImports(sheet: CSSStyleSheet, used: Set<string>): boolean {
  return importsOf(sheet)
    .map((rule) => {
      const isStale = staleUrl(urlOf(rule, sheet), used) !== undefined;
      return (rule.styleSheet !== null && findStaleImports(rule.styleSheet, used)) || isStale;
    })
    .includes(true);
}

/** Replaces each import that is out of date, in a stylesheet that does not apply yet. */
async function renewImports(sheet: CSSStyleSheet): Promise<boolean> {
  for (const rule of importsOf(sheet)) {
    const url = staleUrl(urlOf(rule, sheet));
    const current = url === undefined ? rule : await replaceImport(sheet, rule, url);
    if (current === undefined) return false;
    if (current.styleSheet && !(await renewImports(current.styleSheet))) return false;
  }
  return true;
}

async function replaceImport(
  sheet: CSSStyleSheet,
  rule: CSSImportRule,
  url: string,
): Promise<CSSImportRule | undefined> {
  // An import that failed looks like an empty one, so ask first.
  const { ok } = await fetch(url).catch(() => ({ ok: false }));
  const index = [...sheet.cssRules].indexOf(rule);
  if (!ok || index === -1) return undefined;
  // An import whose condition the browser does not support is never loaded.
  const isExpected = rule.styleSheet !== null;
  const text = rule.cssText.replace(IMPORT_URL, `@import url("${url}")`);
  sheet.deleteRule(index);
  sheet.insertRule(text, index);
  const fresh = sheet.cssRules[index];
  if (!(fresh instanceof CSSImportRule)) return undefined;
  if (isExpected) await readable(fresh);
  return fresh;
}

/** Waits until an import is loaded, of which no event tells. */
async function readable(rule: CSSImportRule): Promise<void> {
  const end = performance.now() + LONGEST_LOAD_MILLISECONDS;
  while (!isReadable(rule) && performance.now() < end) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

function isReadable({ styleSheet }: CSSImportRule): boolean {
  try {
    return styleSheet !== null && styleSheet.cssRules.length >= 0;
  } catch {
    return false;
  }
}

function importsOf(sheet: CSSStyleSheet): CSSImportRule[] {
  try {
    return [...sheet.cssRules].filter((rule) => rule instanceof CSSImportRule);
  } catch {
    return []; // another origin's, or not loaded
  }
}

function urlOf(rule: CSSImportRule, sheet: CSSStyleSheet): string {
  return new URL(rule.href, sheet.href ?? document.baseURI).href;
}

/** The URL to load a stylesheet from when the loaded one is out of date. */
function staleUrl(href: string, used?: Set<string>): string | undefined {
  const asset = assetOf(href);
  if (asset === undefined) return undefined;
  used?.add(asset);
  const stamp = latest.get(asset);
  const url = new URL(href);
  if (stamp === undefined || url.searchParams.get(PARAMETER) === stamp) return undefined;
  url.searchParams.set(PARAMETER, stamp);
  return url.href;
}

function assetOf(href: string): string | undefined {
  const [path = ''] = href.split(/[?#]/);
  if (!path.startsWith(prefix)) return undefined;
  try {
    return decodeURIComponent(path.slice(prefix.length).replace(VERSION, ''));
  } catch {
    return undefined;
  }
}
