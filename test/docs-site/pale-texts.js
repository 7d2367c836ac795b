/**
 * Runs in a page: its texts whose contrast with what is behind them is below 4.5 (WCAG 2, AA).
 *
 * @returns {string[]}
 */
(() => {
  const pale = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent?.trim();
    if (!element || !text || !element.checkVisibility({ opacityProperty: true })) continue;
    const tones = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(...tones) + 0.05) / (Math.min(...tones) + 0.05);
    if (ratio < 4.5)
      pale.add(`${ratio.toFixed(2)} ${element.className || element.localName}: ${text.slice(0, 40)}`);
  }
  return [...pale];

  /** @param {string} color */
  function channels(color) {
    return (color.match(/[\d.]+/g) ?? []).map(Number);
  }

  /** @param {string} color */
  function luminance(color) {
    const [red = 0, green = 0, blue = 0] = channels(color).map((channel) =>
      channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /**
   * @param {Element | null} element
   * @returns {string}
   */
  function behind(element) {
    if (!element) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
  }
})();
