import type { IncomingMessage, ServerResponse } from 'node:http';
import { readClientScript, sendClientScript } from './client-script.ts';
import { createEventStream } from './event-stream.ts';
import { startWatcher } from '../files/watch/watcher.ts';

/** What {@link startLiveReload} needs to know. */
export interface LiveReloadOptions {
  /** The absolute folders that the prefix serves. */
  readonly roots: readonly string[];
  /** Further absolute files or folders, for example the views: any change there reloads. */
  readonly watch: readonly string[];
  /** Something cannot be watched; the message says what to do about it. */
  readonly onError: (error: Error) => void;
}

/** Live reload, running. */
export interface LiveReload {
  /**
   * Answers a GET or HEAD request.
   *
   * @param name - what follows `<prefix>@live-reload/` in the path
   * @returns `false`, with no answer given, for any other name than `client.js` and `events`, and when closed
   */
  handle(name: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends the watcher, the streams and their timers. */
  close(): Promise<void>;
}

/** Starts to watch in the background; browsers hear of it when nothing can be missed any more. */
export function startLiveReload({ roots, watch, onError }: LiveReloadOptions): LiveReload {
  const script = readClientScript();
  const events = createEventStream();
  const watcher = startWatcher({
    roots,
    watch,
    onReady: () => events.ready(),
    onChange: (change) => events.publish(change),
    onError,
  });
  let closed = false;
  return {
    handle(name, request, response) {
      if (closed) return false;
      if (name === 'client.js') sendClientScript(script, events.position, request, response);
      else if (name === 'events') events.open(request, response);
      else return false;
      return true;
    },
    async close() {
      closed = true;
      events.close();
      await watcher.close();
    },
  };
}
