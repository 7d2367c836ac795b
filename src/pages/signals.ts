import type { EventEmitter } from 'node:events';
import type { Outdated } from './pages.ts';

/** Hears an event of an `EventEmitter` or `EventTarget`. @returns a function that ends it */
export function hear(
  emitter: EventEmitter | EventTarget,
  event: string,
  listener: (...values: unknown[]) => void,
): () => void {
  if (emitter instanceof EventTarget) {
    emitter.addEventListener(event, listener);
    return () => emitter.removeEventListener(event, listener);
  }
  emitter.on(event, listener);
  return () => void emitter.off(event, listener);
}

/** Whether what an event means is tags; what has a URL is a resource, whatever tags it has. */
export function isTags(outdated: Outdated): outdated is { readonly tags: readonly string[] } {
  const value = Object(outdated);
  return value.tags !== undefined && !('url' in value) && !('getAbsoluteUrl' in value);
}
