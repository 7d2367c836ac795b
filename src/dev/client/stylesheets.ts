/** What marks the URL of a stylesheet that was swapped; the value says with which change. */
const PARAMETER = 'live-reload';
const VERSION = /^[0-9a-f]{16}\//;

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
    const owners = document.querySelectorAll<HTMLLinkElement | HTMLStyleElement>(
      'link[rel~="stylesheet" i], style',
    );
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

async function renewOwner(owner: HTMLLinkElement | HTMLStyleElement, used: Set<string>): Promise<void> {
  const isLink = owner instanceof HTMLLinkElement;
  const url = isLink ? staleUrl(owner.href, used) : undefined;
  const current = isLink && url !== undefined ? await replaceLink(owner, url) : owner;
  if (current.sheet) await renewImports(current.sheet, used);
}

async function renewImports(sheet: CSSStyleSheet, used: Set<string>): Promise<void> {
  for (const rule of importsOf(sheet)) {
    const url = staleUrl(new URL(rule.href, sheet.href ?? document.baseURI).href, used);
    const current = url === undefined ? rule : await replaceImport(sheet, rule, url);
    if (current.styleSheet) await renewImports(current.styleSheet, used);
  }
}

function importsOf(sheet: CSSStyleSheet): CSSImportRule[] {
  try {
    return [...sheet.cssRules].filter((rule) => rule instanceof CSSImportRule);
  } catch {
    return []; // another origin's, or not loaded
  }
}

/** The URL to load a stylesheet from when the loaded one is out of date. */
function staleUrl(href: string, used: Set<string>): string | undefined {
  const asset = assetOf(href);
  if (asset === undefined) return undefined;
  used.add(asset);
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

/** Loads the new stylesheet beside the old one, so that the page is never without. */
function replaceLink(link: HTMLLinkElement, href: string): Promise<HTMLLinkElement> {
  const fresh = link.cloneNode();
  if (!(fresh instanceof HTMLLinkElement)) return Promise.resolve(link);
  fresh.href = href;
  fresh.removeAttribute('integrity');
  return new Promise((resolve) => {
    function keep(kept: HTMLLinkElement, dropped: HTMLLinkElement): void {
      clearTimeout(timer);
      dropped.remove();
      resolve(kept);
    }
    // No event comes when a script of the page removes the new element meanwhile.
    const timer = setTimeout(keep, 10_000, link, fresh);
    fresh.addEventListener('load', () => (link.isConnected ? keep(fresh, link) : keep(link, fresh)));
    fresh.addEventListener('error', () => keep(link, fresh));
    link.after(fresh);
  });
}

/** Puts the new import at the old one's place in the cascade, and removes the old one when the new one is loaded. */
async function replaceImport(
  sheet: CSSStyleSheet,
  rule: CSSImportRule,
  href: string,
): Promise<CSSImportRule> {
  // An import that fails looks like an empty one, so ask first.
  const { ok } = await fetch(href).catch(() => ({ ok: false }));
  const index = [...sheet.cssRules].indexOf(rule);
  if (!ok || index === -1) return rule;
  sheet.insertRule(
    rule.cssText.replace(/^@import\s+url\("(?:[^"\\]|\\.)*"\)/, `@import url("${href}")`),
    index,
  );
  const fresh = sheet.cssRules[index];
  if (!(fresh instanceof CSSImportRule)) return rule;
  for (let tries = 0; rule.styleSheet && !isLoaded(fresh) && tries < 250; tries += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  sheet.deleteRule([...sheet.cssRules].indexOf(rule));
  return fresh;
}

function isLoaded({ styleSheet }: CSSImportRule): boolean {
  try {
    return styleSheet !== null && styleSheet.cssRules.length >= 0;
  } catch {
    return false;
  }
}
