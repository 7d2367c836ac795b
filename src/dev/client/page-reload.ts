/** A page that is still there this long after it was told to reload has stayed: whoever has unsaved input may want that. */
const RELOAD_MILLISECONDS = 1_000;

/** The page is out of date. */
let isOwed = false;
/** Something has changed since the server was last asked for the page. */
let isChanged = false;
let isTrying = false;

/**
 * Reloads the page if the server has one to put in its place: an error page has no live reload, so nothing would ever
 * replace it.
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
  if (isOwed && !isTrying) void tryToReload();
}

async function tryToReload(): Promise<void> {
  isTrying = true;
  do {
    isChanged = false;
    if (await hasPage()) {
      isOwed = false;
      location.reload();
      await new Promise((resolve) => {
        setTimeout(resolve, RELOAD_MILLISECONDS);
      });
    }
  } while (isOwed && isChanged);
  isTrying = false;
}

async function hasPage(): Promise<boolean> {
  try {
    const { status, body } = await fetch(location.href, {
      cache: 'no-store',
      headers: { Accept: 'text/html' },
      redirect: 'manual',
    });
    await body?.cancel();
    if (status < 500) return true;
    console.warn(
      `Live reload: "${location.pathname}" answers ${status}, so this page stays until the next change.`,
    );
  } catch {
    // Nobody answers. Whoever does next sends a message, for which the connection waits.
  }
  return false;
}
