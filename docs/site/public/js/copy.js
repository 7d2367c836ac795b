/** Gives each block of code a button that copies it. */
export function addCopyButtons() {
  for (const figure of document.querySelectorAll('figure.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      button.textContent = await copy(figure.querySelector('code')?.textContent ?? '');
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    figure.querySelector('figcaption')?.append(button);
  }
}

/**
 * @param {string} text
 * @returns {Promise<string>} What came of it.
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return 'Not allowed'; // by the browser, as on a page without TLS
  }
}
