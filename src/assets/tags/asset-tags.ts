import { checkNames, resolveOptions } from '../../core/options.ts';
import { quote } from '../../core/text.ts';
import { type AssetLookup, requireAssets, type UrlOptions } from '../assets.ts';
import { TAG_OPTIONS, type AssetTagsOptions } from '../options.ts';
import {
  type AttributedTag,
  type SharedAttributes,
  type TagAttributes,
  attributeText,
  checkAttributes,
} from './attributes.ts';
import { bundleParts } from './bundle-parts.ts';
import { createMemory } from './import-map.ts';
import { type LoadedAsset, moduleGraph } from './module-graph.ts';
import {
  type Destination,
  type LinkValue,
  type PreloadDestination,
  destinationOf,
  isScript,
  linkHeaderOf,
} from './preload.ts';

/** What a preload is for. */
export interface PreloadOptions {
  /** As what the page will ask for it; known for the usual extensions. */
  readonly as?: PreloadDestination;
  /** The asset whose reference asks for it, for example the stylesheet that names a font. */
  readonly from?: string;
}

/** Which modules an import map is for. */
export interface ImportMapOptions {
  /**
   * The modules that the page loads, or entries of a bundler: only what they import is mapped.
   *
   * @defaultValue all modules
   */
  readonly entries?: readonly string[];
}

/** What else a page loads of a bundle. */
export interface BundleOptions {
  /**
   * What the entry will load lazily as soon as the page is there, such as its route: their stylesheets stand in the page
   * too, and their modules are preloaded.
   *
   * @defaultValue none
   */
  readonly lazy?: readonly string[];
}

/** What a `Link` header preloads: an asset by its name, or with what it is for. */
export type LinkHeaderItem = string | ({ readonly path: string } & PreloadOptions);

/**
 * Functions for templates. Those for tags return HTML with everything escaped, to be printed as it is; `asset()`,
 * `worker()`, `importMapHash()` and `linkHeader()` return plain text.
 */
export interface AssetTags {
  /** The URL of an asset; with `from` the one that a reference of that asset asks for. */
  readonly asset: (path: string, options?: UrlOptions) => string;
  /** The URL by which the page starts a worker, `asset()` with `as: 'worker'`; its version covers all that it imports. */
  readonly worker: (path: string) => string;
  /** `<link rel="stylesheet">` */
  readonly stylesheet: (path: string, attributes?: TagAttributes) => string;
  /** `<script type="module">` */
  readonly moduleScript: (path: string, attributes?: TagAttributes) => string;
  /** `<script>` */
  readonly script: (path: string, attributes?: TagAttributes) => string;
  /** `<link rel="preload">` with the URL that will really be asked for; a script is a classic one, as of `script()`. */
  readonly preload: (path: string, options?: PreloadOptions & TagAttributes) => string;
  /** `<link rel="modulepreload">` for a module and all that it imports statically. */
  readonly modulePreload: (path: string, attributes?: TagAttributes) => string;
  /**
   * All tags of an entry of a bundler, by the name of its source file (or Vite's short name): its stylesheets and those of
   * all that it imports, in the order in which they apply, its `<script type="module">`, and a `modulepreload` for each
   * module that it imports statically. Attributes stand in each of them. Needs the option `bundle` of `openAssets` or of the
   * release.
   */
  readonly bundle: (entry: string, options?: BundleOptions & SharedAttributes) => string;
  /** `<script type="importmap">`, which stands before all modules; empty when nothing has to be mapped. */
  readonly importMap: (
    options?: ImportMapOptions & { readonly nonce?: string; readonly id?: string },
  ) => string;
  /** The import map's hash for `script-src` of a Content-Security-Policy, with its quotes; empty without a map. */
  readonly importMapHash: (options?: ImportMapOptions) => string;
  /**
   * The value of a `Link` header (RFC 8288) that preloads assets before the page is there: stylesheets, fonts, images,
   * and of a module all that it imports statically. A script's name is a module's; a classic one is
   * `{ path: 'js/old.js', as: 'script' }`.
   *
   * Before Chromium 133 no import map counts after a module has been asked for: with one, leave modules out.
   */
  readonly linkHeader: (items: readonly LinkHeaderItem[]) => string;
}

/**
 * Functions for templates, to be put where templates find them. They follow watched assets.
 *
 * `crossorigin` is set where a browser would otherwise not use what it has loaded: for fonts, for what `fetch()` asks
 * for, and with `integrity` for what is on another origin.
 *
 * @throws TypeError for assets that were not awaited, and an option of the wrong shape; from each function for an
 *   attribute that its tag does not have
 * @throws {@link StaticUrlError} from each function: `ASSET_NOT_FOUND`
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { assetTags, openAssets } from 'static-url/assets';
 *
 * const app = express();
 * Object.assign(app.locals, assetTags(await openAssets({ prefix: '/static/', roots: 'public' })));
 * // in EJS: <%- stylesheet('css/app.css') %>
 * ```
 */
export function assetTags(assets: AssetLookup, options: AssetTagsOptions = {}): AssetTags {
  const { integrity } = resolveOptions('assetTags()', options, TAG_OPTIONS);
  requireAssets('assetTags()', assets, 'url');
  const memory = createMemory(assets, integrity);

  function secured(path: string, url: string): TagAttributes {
    if (!integrity) return {};
    return { integrity: assets.integrity(path), ...(isElsewhere(url) && { crossorigin: 'anonymous' }) };
  }

  function tag(
    name: AttributedTag,
    path: string,
    given: TagAttributes | undefined,
    write: (attributes: string) => string,
    url: string = assets.url(path),
  ): string {
    checkAttributes(name, given);
    // Modules are always asked for in a way that lets their digest be checked (HTML Living Standard §8.1.4.2).
    const attributes =
      name === 'moduleScript' ? { integrity: secured(path, url)['integrity'] } : secured(path, url);
    const key = name === 'stylesheet' ? 'href' : 'src';
    return write(attributeText({ [key]: url, ...attributes, ...given }));
  }

  function preloadOf(
    path: string,
    { as, from }: PreloadOptions,
  ): Destination & { url: string; secured: TagAttributes } {
    const destination = destinationOf(path, as);
    const url = assets.url(path, from === undefined ? {} : { from });
    // What CSS asks for has no digest in its request, and a preload must be asked for alike.
    const isTag = from === undefined && (destination.as === 'style' || destination.as === 'script');
    const isCors = destination.as === 'font' || destination.as === 'fetch';
    return {
      ...destination,
      url,
      secured: { ...(isTag && secured(path, url)), ...(isCors && { crossorigin: 'anonymous' }) },
    };
  }

  function graphOf(path: string): LoadedAsset[] {
    return moduleGraph(assets, memory.manifest(), [path], 'static');
  }

  function digestOf(asset: string): string | undefined {
    return integrity ? assets.integrity(asset) : undefined;
  }

  function stylesheet(path: string, attributes: TagAttributes | undefined, url?: string): string {
    return tag('stylesheet', path, attributes, (text) => `<link rel="stylesheet"${text}>`, url);
  }

  function moduleScript(path: string, attributes: TagAttributes | undefined): string {
    return tag('moduleScript', path, attributes, (text) => `<script type="module"${text}></script>`);
  }

  function modulePreloads(modules: readonly LoadedAsset[], attributes: TagAttributes): string[] {
    return modules
      .map(({ asset, url }) => attributeText({ href: url, integrity: digestOf(asset), ...attributes }))
      .map((text) => `<link rel="modulepreload"${text}>`);
  }

  function linksOf(item: LinkHeaderItem): LinkValue[] {
    const { path, ...preload } = typeof item === 'string' ? { path: item } : item;
    checkNames('linkHeader()', preload, ['as', 'from']);
    if (isScript(path) && preload.as === undefined && preload.from === undefined) {
      return graphOf(path).map(({ asset, url }) => ({
        url,
        rel: 'modulepreload',
        parameters: { integrity: digestOf(asset) },
      }));
    }
    const { url, as, type, secured: security } = preloadOf(path, preload);
    const parameters = {
      as,
      type,
      crossorigin: security['crossorigin'] === undefined ? undefined : (true as const),
      integrity: typeof security['integrity'] === 'string' ? security['integrity'] : undefined,
    };
    return [{ url, rel: 'preload', parameters }];
  }

  return {
    asset: (path, urlOptions) => {
      checkNames('asset()', urlOptions, ['from', 'as']);
      return assets.url(path, urlOptions);
    },
    worker: (path) => assets.url(path, { as: 'worker' }),
    stylesheet: (path, attributes) => stylesheet(path, attributes),
    moduleScript,
    script: (path, attributes) => tag('script', path, attributes, (text) => `<script${text}></script>`),
    preload: (path, given = {}) => {
      checkAttributes('preload', given, ['as', 'from']);
      const { as: _as, from: _from, ...attributes } = given;
      const { url, as, type, secured: security } = preloadOf(path, given);
      return `<link rel="preload"${attributeText({ href: url, as, type, ...security, ...attributes })}>`;
    },
    modulePreload: (path, attributes = {}) => {
      checkAttributes('modulePreload', attributes);
      if (!isScript(path))
        throw new TypeError(`modulePreload() takes a module, not ${quote(path)}. Take preload() for it.`);
      return modulePreloads(graphOf(path), attributes).join('\n');
    },
    bundle: (entry, given = {}) => {
      checkAttributes('bundle', given, ['lazy']);
      const { lazy = [], ...attributes } = given;
      const { stylesheets, module, preloads } = bundleParts(assets, memory.manifest(), entry, lazy);
      return [
        ...stylesheets.map(({ asset, url }) => stylesheet(asset, attributes, url)),
        ...(module === undefined ? [] : [moduleScript(module, attributes)]),
        ...modulePreloads(preloads, attributes),
      ].join('\n');
    },
    importMap: (given = {}) => {
      checkAttributes('importMap', given, ['entries']);
      const { entries, ...attributes } = given;
      const { text } = memory.importMap(entries);
      return text === '' ? '' : `<script type="importmap"${attributeText(attributes)}>${text}</script>`;
    },
    importMapHash: (given = {}) => {
      checkNames('importMapHash()', given, ['entries']);
      return memory.importMap(given.entries).hash;
    },
    linkHeader: (items) => {
      if (!Array.isArray(items))
        throw new TypeError(`linkHeader() takes a list of assets, not ${quote(items)}.`);
      return linkHeaderOf(items.flatMap(linksOf));
    },
  };
}

/** Whether a URL may be of another origin than the page: it names one. */
function isElsewhere(url: string): boolean {
  return /^(?:https?:)?\/\//i.test(url);
}
