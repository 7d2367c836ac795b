import {
  connectTogether,
  connectWhileVisible,
  eventsUrl,
  type Disconnect,
  type Message,
} from './connection.ts';
import { renewStylesheets } from './stylesheets.ts';

/** Where the server's log of changes ended when it served this script, `<boot>.<number>`; the server declares it. */
declare const servedPosition: string | null;

/** A page that is still there this long after it was told to reload has stayed. */
const RELOAD_MILLISECONDS = 1_000;
/** Two reloads for one reason within this time are a loop. */
const LOOP_MILLISECONDS = 10_000;

const [servedBoot, servedEnd] = servedPosition?.split('.') ?? [];
let boot = servedBoot;
let position = Number(servedEnd ?? 0);
let heardOfServer = false;
let reloading = false;

function receive(message: Message): void {
  if (boot !== message.boot) {
    const isOutOfDate = boot !== undefined && (heardOfServer || isFirstDoubt());
    boot = message.boot;
    position = message.to;
    if (isOutOfDate) reload();
  } else if (message.from > position) {
    position = message.to;
    reload(); // something never reached this tab
  } else if (message.to > position) {
    position = message.to;
    if (message.kind === 'reload') reload();
    if (message.kind === 'css') swap(message.assets, `${boot}.${position}`);
  }
  heardOfServer = true;
}

function swap(assets: readonly string[], stamp: string): void {
  renewStylesheets(assets, stamp).then((complete) => complete || reload(), reload);
}

/**
 * Whether to reload a page whose script and stream come from different starts of the server. It was restarted in
 * between; but if that is so again right after the reload, several servers share one address, and reloading would
 * never end.
 */
function isFirstDoubt(): boolean {
  try {
    const before = Number(sessionStorage.getItem(eventsUrl));
    sessionStorage.setItem(eventsUrl, String(Date.now()));
    return Date.now() - before > LOOP_MILLISECONDS;
  } catch {
    return false; // storage is blocked
  }
}

function standing(): Message | undefined {
  return boot === undefined ? undefined : { boot, from: position, to: position, kind: 'ready' };
}

function connect(): Disconnect {
  const listener = { receive, standing };
  // Browsers keep locks from a page on plain http other than localhost.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? connectTogether(listener, locks) : connectWhileVisible(listener);
}

function reload(): void {
  if (reloading) return;
  reloading = true;
  location.reload();
  // Whoever has unsaved input may choose to stay: the page goes on listening then.
  setTimeout(() => {
    reloading = false;
  }, RELOAD_MILLISECONDS);
}

addEventListener('pagehide', connect());
addEventListener('pageshow', ({ persisted }) => {
  // Back from the cache of whole pages, and nobody has told it what happened.
  if (persisted) location.reload();
});
