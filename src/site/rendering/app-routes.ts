import type { IncomingMessage } from 'node:http';

/** A layer of an Express router: a route, a router or app that is mounted, or middleware. */
interface Layer {
  readonly route?: { readonly path?: unknown; readonly methods?: Readonly<Record<string, unknown>> };
  readonly name?: unknown;
  readonly handle?: unknown;
  /** Express 5, undocumented. */
  readonly rawPath?: unknown;
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
}

/** The GET routes of an Express app, by the objects that stand for them, each as people write it: `/posts/:slug`. */
export class AppRoutes {
  readonly #labels = new Map<object, string>();
  /** Where apps are mounted, of which nothing is known before one has answered: Express hides them in a function. */
  readonly #hidden = new Set<string>();
  readonly #known = new WeakSet<object>();

  constructor(app: unknown) {
    this.#collect(app, '', 0);
  }

  /** All of them; empty for an app of another framework. */
  get labels(): string[] {
    return [...new Set([...this.#labels.values(), ...this.#hidden])];
  }

  /** The route that answered, once the app has. */
  answering(request: IncomingMessage | undefined): string | undefined {
    const { route, app }: { readonly route?: unknown; readonly app?: unknown } = Object(request);
    if (!isObject(route)) return undefined;
    if (!this.#labels.has(route)) this.#reveal(app);
    return this.#labels.get(route);
  }

  #reveal(app: unknown): void {
    if (!isObject(app) || this.#known.has(app)) return;
    const { path }: { readonly path?: unknown } = Object(app);
    const mount: unknown = typeof path === 'function' ? Reflect.apply(path, app, []) : undefined;
    if (typeof mount !== 'string') return;
    this.#hidden.delete(hiddenLabel(mount));
    this.#collect(app, mount, 0);
  }

  #collect(owner: unknown, mount: string, depth: number): void {
    // A router may be mounted in itself.
    if (depth > 20 || !isObject(owner)) return;
    this.#known.add(owner);
    for (const layer of layersOf(owner)) {
      const { route, name } = layer;
      if (route !== undefined) {
        if (!answersGet(route.methods)) continue;
        // A router that is mounted twice goes by the first place.
        if (!this.#labels.has(route))
          this.#labels.set(route, mount + [route.path].flat().map(String).join(' or '));
      } else if (name === 'mounted_app') this.#hidden.add(hiddenLabel(mount + mountOf(layer)));
      else this.#collect(layer.handle, mount + mountOf(layer), depth + 1);
    }
  }
}

function hiddenLabel(mount: string): string {
  return `${mount}/*`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

function layersOf(owner: object): readonly Layer[] {
  return stackOf(owner) ?? stackOf(Reflect.get(owner, '_router')) ?? stackOf(routerOf(owner)) ?? [];
}

/** In Express 4 the name throws for whoever reads it. */
function routerOf(owner: object): unknown {
  try {
    return Reflect.get(owner, 'router');
  } catch {
    return undefined;
  }
}

function stackOf(owner: unknown): readonly Layer[] | undefined {
  const stack: unknown = isObject(owner) ? Reflect.get(owner, 'stack') : undefined;
  return Array.isArray(stack) ? stack.filter(isObject) : undefined;
}

function answersGet(methods: Readonly<Record<string, unknown>> | undefined): boolean {
  return methods !== undefined && (methods['get'] === true || methods['_all'] === true);
}

function mountOf({ rawPath, regexp }: Layer): string {
  if (typeof rawPath === 'string') return rawPath === '/' ? '' : rawPath;
  if (regexp === undefined || regexp.fast_slash === true) return '';
  // Of Express 4 there is only the expression: /^\/blog\/?(?=\/|$)/i.
  const source = regexp.source.replace(/^\^/, '').replace(String.raw`\/?(?=\/|$)`, '');
  return source
    .replaceAll(String.raw`(?:\/([^/]+?))`, '/:…')
    .replaceAll('\\/', '/')
    .replaceAll('\\', '');
}
