import { StaticUrlError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs what loads an app in the process of a command.
 *
 * @param run - is given a promise that rejects when the app listens: nothing is rendered by one that does so when it is imported
 */
export async function withHostedApp(
  terminal: Terminal,
  run: (listening: Promise<never>) => Promise<void>,
): Promise<void> {
  const listening = new Promise<never>((_, reject) => {
    terminal.hostApp?.((place) => reject(new StaticUrlError('APP_FAILED', listeningText(place))));
  });
  await Promise.race([listening, run(listening)]);
}

function listeningText(place: string): string {
  return `The app listens${place} when it is imported, but a command only asks it for pages. Export the app from one file, and call listen() in another that imports it.`;
}
