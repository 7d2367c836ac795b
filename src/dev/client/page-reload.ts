import { eventsUrl, scriptUrl, withoutCredentials } from './connection.ts';

/** A page that is still there after this time was not reloaded: a visitor with unsaved input may have chosen to stay. */
const RELOAD_MILLISECONDS = 1_000;

/** The page is out of date and has to be reloaded. */
let isOwed = false;
/** Something has changed since the server was last asked for the page. */
let isChanged = false;
let isTrying = false;
/** Ends the wait for the server's answer. */
let question = new AbortController();

/**
 * Reloads the page if the server can answer with a page: an error page may come without live reload, and then nothing
 * would ever replace it.
 */
export function reloadPage(): void {
  isOwed = true;
  reloadIfOwed(true);
}

/**
 * Tries again what {@link reloadPage} could not do.
 *
 * @param change - whether something has changed; otherwise the server is there, perhaps again
 */
export function reloadIfOwed(change: boolean): void {
  isChanged ||= change;
  // Its answer would be out of date, and a broken handler may never answer.
  if (change) question.abort();
  if (isOwed && !isTrying) void tryToReload();
}

async function tryToReload(): Promise<void> {
  isTrying = true;
  do {
    isChanged = false;
    question = new AbortController();
    if (await hasPage(question.signal)) {
      isOwed = false;
      reloadByGet();
      await new Promise((resolve) => {
        setTimeout(resolve, RELOAD_MILLISECONDS);
      });
    }
  } while (isOwed && isChanged);
  isTrying = false;
}

async function hasPage(signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(withoutCredentials(location.href), {
      cache: 'no-store',
      headers: { Accept: 'text/html' },
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    // A newer error page may replace this one if it has live reload too.
    if (status >= 500 && isErrorPage() && hasScript(await response.text())) return true;
    if (!response.bodyUsed) await response.body?.cancel();
    if (status < 500 && !isGone(status)) return true;
    console.warn(
      `Live reload: "${location.pathname}" answers ${status}, so this page stays until the next change.`,
    );
    return false;
  } catch {
    return !signal.aborted && (await isServerThere(signal));
  }
}

/**
 * Loads the page again from its URL: what answered a form would send the form again, unless its entry in the history has
 * been replaced.
 */
export function reloadByGet(): void {
  history.replaceState(history.state, '');
  location.reload();
}

/** Whether this page is itself an error page of the server. */
export function isErrorPage(): boolean {
  return pageStatus() >= 500;
}

/** Whether the server has nothing at the URL of this page, which may have been the answer to a form. */
function isGone(status: number): boolean {
  const own = pageStatus();
  return (status === 404 || status === 405) && own >= 200 && own < 300;
}

/** The status that this page came with; 0 where the browser does not tell. */
function pageStatus(): number {
  const [entry] = performance.getEntriesByType('navigation');
  return entry !== undefined && 'responseStatus' in entry ? Number(entry.responseStatus) : 0;
}

function hasScript(html: string): boolean {
  return html.includes(new URL(scriptUrl).pathname);
}

/**
 * Whether the server answers at live reload's own URL. Then only the page cannot be fetched, because of its
 * Content-Security-Policy or as a frame's `srcdoc`, and has to be reloaded without asking first. Otherwise the server is
 * down; the connection gets a message when it is back.
 */
async function isServerThere(signal: AbortSignal): Promise<boolean> {
  try {
    const { ok } = await fetch(eventsUrl, { method: 'HEAD', cache: 'no-store', signal });
    return ok;
  } catch {
    return false;
  }
}
