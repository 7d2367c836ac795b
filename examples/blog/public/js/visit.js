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
  element.textContent = `It came after ${waited} ms. Asked once more, its Cache-Status is “${headers.get('Cache-Status')}”.`;
}
