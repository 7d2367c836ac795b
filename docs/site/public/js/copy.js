/** Gives each block of code a button that copies it. */
export function addCopyButtons() {
  for (const figure of document.querySelectorAll('figure.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => void copy(figure, button));
    figure.querySelector('figcaption')?.append(button);
  }
}

/**
 * @param {Element} figure
 * @param {HTMLButtonElement} button Tells what came of it.
 */
async function copy(figure, button) {
  try {
    await navigator.clipboard.writeText(figure.querySelector('code')?.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed'; // by the browser, as on a page without TLS
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}
