const KINDS = {
  /** A module needs a module before it runs: static `import`, `export … from`. */
  import: true,
  /** A module may load a module later: `import('…')`. */
  'dynamic-import': true,
  /** A dynamic `import` of a template such as `./locale/${name}.js`: the specifier has `*` for what is not known. */
  'import-glob': true,
  /** A module may load a module by a name that is not known before it runs: the specifier is the code that gives it. */
  'unknown-import': true,
  /** A stylesheet imports a stylesheet: `@import`. */
  'style-import': true,
  /** Whatever else is fetched: `url()`, `image-set()`, `new URL('…', import.meta.url)`, `importScripts`, `src`, … */
  resource: true,
  /**
   * `url()` in a custom property of CSS: a browser resolves it where the property is used (CSS Custom Properties §2),
   * which is known only if that is in the same folder.
   */
  'custom-property': true,
  /** `new URL()` of a template such as `./flags/${name}.svg`: the specifier has `*` for what is not known. */
  'resource-glob': true,
  /** The address of a folder, `new URL('./models/', import.meta.url)`: what is fetched below it is not known. */
  folder: true,
  /** What Vite preloads, resolved against its own absolute base: no version covers it. */
  'based-chunk': true,
  /** A worker by a URL that a browser resolves against the page, `new Worker('w.js')`: no version covers it. */
  'worker-address': true,
  /** A URL that a script makes of text, as far as it can be told: the specifier is the code that gives it. */
  'computed-url': true,
  /** Where webpack makes the URLs of its chunks of text. */
  'chunk-map': true,
  /** A link that a visitor may follow; it may lead to a page of the app. */
  link: true,
  /**
   * What a browser fetches sometimes or not at all: in `<template>` and `<noscript>`, before `<base>`, in a declaration that
   * is none, by `behavior` or a late `@import`.
   */
  uncertain: true,
  /** The page's web app manifest, by whatever name: `<link rel="manifest">`. */
  'web-manifest': true,
  /** `sourceMappingURL`: only developer tools fetch it. */
  'source-map': true,
  /** From here on the text is not what it should be; the specifier is the name of its language. */
  unread: true,
} as const;

/** How a file refers to another. */
export type ReferenceKind = keyof typeof KINDS;

/** Whether a value is one of the kinds. */
export function isReferenceKind(value: unknown): value is ReferenceKind {
  return typeof value === 'string' && Object.hasOwn(KINDS, value);
}

/** A reference as it stands in a file. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** The URL, unescaped by the rules of its language, otherwise as written; with the document's `<base>` before it. */
  readonly specifier: string;
  /** Where it stands in the file's text, counted in UTF-16 code units. */
  readonly offset: number;
}

/** Tells that a text is not what it should be. */
export function unread(language: 'JavaScript' | 'JSON' | 'import map', offset: number): Reference {
  return { kind: 'unread', specifier: language, offset };
}

/** The same reference where a browser may not follow it. */
export function uncertain(reference: Reference): Reference {
  return NEVER_CERTAIN.has(reference.kind) ? reference : { ...reference, kind: 'uncertain' };
}

/** Kinds of which a missing target is no error anyway. */
const NEVER_CERTAIN: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>([
  'link',
  'custom-property',
  'folder',
  'resource-glob',
  'unknown-import',
  'source-map',
  'unread',
]);

/** Whether a reference is one module's import of another. */
export function isModuleImport({ kind }: Pick<Reference, 'kind'>): boolean {
  return kind === 'import' || kind === 'dynamic-import' || kind === 'import-glob';
}

/** Whether a reference stands for all files whose names match. */
export function isGlob({ kind }: Pick<Reference, 'kind'>): boolean {
  return kind === 'import-glob' || kind === 'resource-glob';
}

/** What a specifier has behind its path, as it stands there: query and fragment. */
export function suffixOf(specifier: string): string {
  const start = specifier.search(/[?#]/);
  return start === -1 ? '' : specifier.slice(start);
}

/** Whether a template leaves its query or fragment open, so that no import map can have what is imported. */
export function hasOpenSuffix({ kind, specifier }: Pick<Reference, 'kind' | 'specifier'>): boolean {
  return kind === 'import-glob' && suffixOf(specifier).includes('*');
}

/** What a template engine will replace. */
const PLACEHOLDER = /\{\{|\{%|<%/;

/** Whether it is no URL yet, for a template engine will make one of it. */
export function hasPlaceholder(specifier: string): boolean {
  return PLACEHOLDER.test(specifier);
}

/** What no server of this site is asked for, however it goes on: fragments and all schemes but http. */
const NEVER_FETCHED = /^[\0- ]*(?:#|$|(?!https?:)[a-z][a-z0-9+.-]*:)/i;

/** Whether a URL leads out of the site for certain. Such ones are dropped where they are found: `data:` may be huge. */
export function leadsNowhere(specifier: string): boolean {
  return NEVER_FETCHED.test(specifier);
}
