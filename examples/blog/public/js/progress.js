import { oncePerFrame } from './frame.js';

/**
 * Shows how far the page is read, as the custom property `--read` between 0 and 1.
 *
 * @param {Element} element
 */
export function startProgress(element) {
  if (!(element instanceof HTMLElement)) return;
  const update = oncePerFrame(() => {
    const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
    const distance = scrollHeight - clientHeight;
    const read = distance > 0 ? Math.min(1, Math.max(0, scrollTop / distance)) : 0;
    element.style.setProperty('--read', String(read));
  });
  addEventListener('scroll', update, { passive: true });
  addEventListener('resize', update);
  update();
}
