import { assetOf, fetchedIn, scopesOf, stampOf, withStamp } from './page-assets.ts';

/** How the CSS Object Model serialises the beginning of an import. */
const IMPORT_URL = /^@import\s+url\("(?:[^"\\]|\\.)*"\)/;
const LONGEST_LOAD_MILLISECONDS = 10_000;

type Owner = HTMLLinkElement | HTMLStyleElement;
const OWNERS = 'link[rel~="stylesheet" i], style';

/** The last change of each asset; what was loaded before it is out of date. */
const latest = new Map<string, string>();
let renewing: Promise<void> = Promise.resolve();

/**
 * Loads changed stylesheets again, in place, wherever the page links or imports them.
 *
 * @param stamp - names the change; never given twice
 * @returns `false` when the page uses one of them in a way that cannot be renewed
 */
export function renewStylesheets(assets: readonly string[], stamp: string): Promise<boolean> {
  for (const asset of assets) latest.set(asset, stamp);
  // One after the other: a second edit must not race with the first.
  const renewed = renewing.then(async () => {
    const used = new Set<string>();
    const scopes = scopesOf();
    const fetched = fetchedIn(scopes);
    const owners = scopes.flatMap((scope) => [...scope.querySelectorAll<Owner>(OWNERS)]);
    await Promise.all(owners.map((owner) => renewOwner(owner, used)));
    // Other uses cannot be renewed: an import by a module, for example, or a closed shadow root.
    return assets.every((asset) => !fetched.has(asset) || (used.has(asset) && fetched.get(asset) === false));
  });
  renewing = renewed.then(
    () => undefined,
    () => undefined,
  );
  return renewed;
}

/**
 * Replaces an element with a copy, which takes effect only when it has loaded with all its imports: a page without
 * styles for a moment loses its scroll position, and transitions start.
 */
async function renewOwner(owner: Owner, used: Set<string>): Promise<void> {
  const url = isLink(owner) ? staleUrl(owner.href, used) : undefined;
  const hasStaleImport = owner.sheet !== null && findStaleImports(owner.sheet, used);
  if (url === undefined && !hasStaleImport) return;
  if (isLink(owner) && owner.disabled) {
    owner.href = url ?? owner.href; // not loaded before a script enables it
    return;
  }
  const fresh = owner.cloneNode(true);
  if (!isOwner(fresh)) return;
  const media = owner.getAttribute('media');
  fresh.media = 'not all';
  fresh.removeAttribute('integrity');
  if (isLink(fresh) && url !== undefined) fresh.href = url;
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

// Not by "instanceof": a frame's elements and rules are of the frame's own classes.

function isOwner(node: Node): node is Owner {
  return 'sheet' in node;
}

function isLink(owner: Owner): owner is HTMLLinkElement {
  return 'href' in owner;
}

function isImport(rule: CSSRule | undefined): rule is CSSImportRule {
  return rule !== undefined && 'styleSheet' in rule;
}

/** Whether an element has loaded; `false` after a while without an event, as when the page's script has removed it. */
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
  if (!isImport(fresh)) return undefined;
  if (isExpected) await readable(fresh);
  return fresh;
}

/** Waits until an import is loaded; there is no event for it. */
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
    return [...sheet.cssRules].filter(isImport);
  } catch {
    return []; // from another origin, or not loaded
  }
}

function urlOf(rule: CSSImportRule, sheet: CSSStyleSheet): string {
  return new URL(rule.href, sheet.href ?? sheet.ownerNode?.baseURI).href;
}

/** The URL to load a stylesheet from when the loaded one is out of date. */
function staleUrl(href: string, used?: Set<string>): string | undefined {
  const asset = assetOf(href);
  if (asset === undefined) return undefined;
  used?.add(asset);
  const stamp = latest.get(asset);
  return stamp === undefined || stampOf(href) === stamp ? undefined : withStamp(href, stamp);
}
