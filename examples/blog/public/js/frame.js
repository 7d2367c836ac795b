/**
 * Gathers calls, so that the work is done at most once for each frame drawn.
 *
 * @param {() => void} work
 * @returns {() => void}
 */
export function oncePerFrame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}
