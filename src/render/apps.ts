import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { types } from 'node:util';
import { optionError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { App, AppFunction } from './rendering.ts';

/** Whether an app is a server, rather than what a server calls. */
export function isServer(app: unknown): app is Exclude<App, AppFunction> {
  return typeof app === 'object' && typeof Object(app).listeners === 'function';
}

/**
 * An app, which has been checked to be one.
 *
 * @param option - where it was given
 * @throws TypeError, which says what to pass in place of what is none
 */
export function requireApp(value: unknown, option: string): App {
  if (isApp(value)) return value;
  throw optionError(
    option,
    (naming) => `${naming(option)} is no app: it is ${quote(value)}. ${fixFor(value)}`,
  );
}

function isApp(value: unknown): value is App {
  return fixFor(value) === undefined;
}

/** What to pass in place of what is no app. */
function fixFor(value: unknown): string | undefined {
  const has = (name: string): boolean => {
    const part: unknown = Object(value)[name];
    return part !== undefined && part !== null;
  };
  if (typeof value === 'function') {
    // Express's applications have a stack too, or a router that has it.
    return has('stack') && has('route') && !has('listen')
      ? 'A router needs an app around it: pass express().use(router).'
      : undefined;
  }
  if (has('inject') && has('server')) return 'Pass fastify.server after await fastify.ready().';
  if (has('callback') && has('middleware')) return 'Pass app.callback().';
  if (has('getHttpServer')) return 'Pass app.getHttpServer() after await app.init().';
  if (isServer(value)) {
    return value.listenerCount('request') > 0
      ? undefined
      : 'The server has no request listener. Add one before it is given.';
  }
  return 'Pass an Express app, a function of (request, response), or a server of node:http, node:https or node:http2.';
}

/**
 * Asks an app.
 *
 * @param onFailure - called with what it throws, now or by a promise
 */
export function askApp(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  onFailure: (error: unknown) => void,
): void {
  try {
    for (const listener of isServer(app) ? requestListeners(app) : [app]) {
      const result: unknown = Reflect.apply(listener, app, [request, response]);
      if (types.isPromise(result)) result.catch(onFailure);
    }
  } catch (error) {
    onFailure(error);
  }
}

function requestListeners(server: EventEmitter): readonly Function[] {
  const listeners = server.listeners('request');
  if (listeners.length === 0) throw new TypeError('The server has no request listener any more.');
  return listeners;
}
