import { isPlainObject, quote } from '../core/text.ts';

/** What has a URL: a model of an app. */
export type HasUrl =
  | { readonly url: string | URL }
  | { getAbsoluteUrl(): string | URL | Promise<string | URL> };

/**
 * What pages can be named by: a path of the first site, a URL of any site, an object that knows its URL, or any number of
 * them: a list, a query's result, a function that gives them.
 */
export type Resource =
  | string
  | URL
  | HasUrl
  | Iterable<Resource>
  | AsyncIterable<Resource>
  | Promise<Resource>
  | (() => Resource | Promise<Resource>);

/**
 * The URLs that resources come to, in their order.
 *
 * @throws TypeError for what has no URL
 */
export async function* urlsOf(resource: Resource): AsyncGenerator<string> {
  yield* urlsOfAny(resource);
}

async function* urlsOfAny(resource: unknown): AsyncGenerator<string> {
  const value = await resource;
  if (typeof value === 'string') yield value;
  else if (value instanceof URL) yield value.href;
  else if (typeof value === 'function') yield* urlsOfAny(await Reflect.apply(value, undefined, []));
  else if (isAsyncIterable(value)) for await (const each of value) yield* urlsOfAny(each);
  else if (isIterable(value)) for (const each of value) yield* urlsOfAny(each);
  else yield await urlOf(value);
}

async function urlOf(value: unknown): Promise<string> {
  const { getAbsoluteUrl, url }: { readonly getAbsoluteUrl?: unknown; readonly url?: unknown } =
    Object(value);
  const given: unknown =
    typeof getAbsoluteUrl === 'function' ? await Reflect.apply(getAbsoluteUrl, value, []) : url;
  if (typeof given === 'string' || given instanceof URL) return String(given);
  throw new TypeError(
    `A page is named by a path, a URL, an object with "url" or "getAbsoluteUrl()", or any number of them, not by ${quote(value)}.`,
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Takes the options off the end of a list of resources: a plain object that names no page. */
export function takeOptions<Options extends object>(
  given: readonly (Resource | Options)[],
): { readonly resources: readonly Resource[]; readonly options: Partial<Options> } {
  const last = given.at(-1);
  const isOptions =
    isPlainObject(last) &&
    !('url' in last) &&
    !('getAbsoluteUrl' in last) &&
    !isIterable(last) &&
    !isAsyncIterable(last);
  // What is left are resources, or urlsOf() refuses them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const resources = (isOptions ? given.slice(0, -1) : given) as readonly Resource[];
  return { resources, options: isOptions ? last : {} };
}
