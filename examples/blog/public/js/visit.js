/**
 * Says how soon the page came, and what a visit is answered with. No script can read the headers of its own page, so this
 * one asks for them once more.
 *
 * @param {Element} element Where to write it.
 */
export async function showVisit(element) {
  const [visit] = performance.getEntriesByType('navigation');
  const { headers } = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
  const waited = (visit.responseStart - visit.requestStart).toFixed(1);
  const status = headers.get('Cache-Status');
  // The static site has none: no app and no store decide there.
  const told = status === null ? '' : ` Asked once more, its Cache-Status is “${status}”.`;
  element.textContent = `It came after ${waited} ms.${told}`;
}
