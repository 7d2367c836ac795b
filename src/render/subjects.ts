import { AsyncLocalStorage } from 'node:async_hooks';

/** By the server's end of its connection: unlike a header nobody can send it, unlike a context nothing loses it. */
const subjects = new WeakMap<object, object>();
const current = new AsyncLocalStorage<object>();

/** What is asked about a request, of `node:http` or what frameworks keep of it (`request.raw`, `context.req`). */
export interface WithSocket {
  readonly socket: object;
}

/** Says what the request that comes over a connection is for. */
export function setSubject(socket: object, subject: object): void {
  subjects.set(socket, subject);
}

/** Calls an app, with {@link currentSubject} set for whatever the call begins. */
export function callFor(subject: object, call: () => void): void {
  current.run(subject, call);
}

let underWay = 0;

/** Counts a render that begins. */
export function noteBegun(): void {
  underWay += 1;
}

/** Counts a render that ended. After the last one asynchronous contexts cost the process nothing: there are few renders. */
export function noteEnded(): void {
  underWay -= 1;
  if (underWay === 0) current.disable();
}

/** The subject of the render that made a request; `undefined` for a visitor's. */
export function subjectOf(request: WithSocket): object | undefined {
  return subjects.get(request.socket);
}

/**
 * Whether a request is one of our own, made to render a page, and no visitor's.
 *
 * @param request - of `node:http`, or an Express request; with Fastify `request.raw`, with Koa `context.req`
 */
export function isRender(request: WithSocket): boolean {
  return subjects.has(request.socket);
}

/** The subject of the render for which this code runs; `undefined` outside of one, or where its context was lost. */
export function currentSubject(): object | undefined {
  return current.getStore();
}
