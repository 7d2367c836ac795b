/** What scrolls by itself can be reached and scrolled by keys; what does not is no stop on the way. */
export function letScrollByKey() {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
      else target.removeAttribute('tabindex');
    }
  });
  for (const box of document.querySelectorAll('pre, .table')) observer.observe(box);
}
