import {
  connectTogether,
  connectWhileVisible,
  eventsUrl,
  type Disconnect,
  type Message,
} from './connection.ts';
import { isErrorPage, reloadByGet, reloadIfOwed, reloadPage } from './page-reload.ts';
import { renewStylesheets } from './stylesheets.ts';

/** Where the server's log of changes ended when it served this script: `<boot>.<number>`; declared by the server. */
declare const servedPosition: string | null;

/** Two reloads for one reason within this time are a loop. */
const LOOP_MILLISECONDS = 10_000;

const [servedBoot, servedEnd] = servedPosition?.split('.') ?? [];
let boot = servedBoot;
let position = Number(servedEnd ?? 0);
let heardOfServer = false;

function receive(message: Message): void {
  const isChange = message.boot !== boot || message.to > position;
  if (isOutdated(message)) reloadPage();
  else reloadIfOwed(isChange);
  heardOfServer = true;
}

/** Takes in a message; returns whether the page has to be reloaded to be up to date. */
function isOutdated(message: Message): boolean {
  if (boot !== message.boot) {
    const isAnotherStart = boot !== undefined && (heardOfServer || isFirstDoubt());
    boot = message.boot;
    position = message.to;
    return isAnotherStart;
  }
  if (message.to <= position) return false;
  const hasGap = message.from > position; // this tab has missed something
  position = message.to;
  // Any file may be what an error page is about, even a missing stylesheet.
  if (hasGap || message.kind !== 'css' || isErrorPage()) return true;
  swap(message.assets, `${boot}.${position}`);
  return false;
}

function swap(assets: readonly string[], stamp: string): void {
  renewStylesheets(assets, stamp).then((complete) => complete || reloadPage(), reloadPage);
}

/**
 * Whether to reload a page whose script and stream come from different starts of the server. Usually it was restarted in
 * between; but if it happens again right after the reload, several servers share one address, and reloading would never
 * end.
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
  // Browsers have no locks for a page on plain http other than localhost.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? connectTogether(listener, locks) : connectWhileVisible(listener);
}

addEventListener('pagehide', connect());
addEventListener('pageshow', ({ persisted }) => {
  // Back from the back/forward cache, where no messages reached it.
  if (persisted) reloadByGet();
});
