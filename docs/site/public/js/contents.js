/** Marks the section that one reads in the contents of the page, and names it in the bar. */
export function followContents() {
  const list = document.querySelector('.contents-list');
  const place = document.querySelector('[data-place]');
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll('.contents a');
  const sections = [...links].map((link) => ({ link, heading: document.getElementById(link.hash.slice(1)) }));
  /** @type {HTMLAnchorElement | undefined} */
  let current;

  const follow = () => {
    // The last heading that has come up to the bar, or a little below it.
    const read = sections.findLast(
      ({ heading }) => heading && heading.getBoundingClientRect().top < 120,
    )?.link;
    if (read === current) return;
    current?.removeAttribute('aria-current');
    read?.setAttribute('aria-current', 'location');
    current = read;
    if (place) place.textContent = read?.hash ?? '';
    if (read && list) keepInView(read, list);
  };
  let asked = false;
  addEventListener(
    'scroll',
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        follow();
      });
    },
    { passive: true },
  );
  follow();
}

/**
 * Scrolls the list alone, and never the page.
 *
 * @param {Element} link
 * @param {Element} list
 */
function keepInView(link, list) {
  const inner = link.getBoundingClientRect();
  const outer = list.getBoundingClientRect();
  if (inner.top < outer.top + 48) list.scrollTop -= outer.top + 48 - inner.top;
  if (inner.bottom > outer.bottom - 48) list.scrollTop += inner.bottom - outer.bottom + 48;
}
