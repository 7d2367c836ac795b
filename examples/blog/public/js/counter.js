/**
 * Counts clicks in memory only, so that a lost count shows that the page was loaded again.
 *
 * @param {Element} element Holds a button and the `[data-count]` to write to.
 */
export function startCounter(element) {
  const button = element.querySelector('button');
  const output = element.querySelector('[data-count]');
  if (!button || !output) return;

  let count = 0;
  button.addEventListener('click', () => {
    count += 1;
    output.textContent = String(count);
  });
}
