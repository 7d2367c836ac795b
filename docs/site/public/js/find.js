import { showFound } from './found.js';

/** @typedef {import('./search.js').Found} Found */

/** The field that finds sections of all pages. What it needs is fetched when it is first used. */
export function openFind() {
  const find = /** @type {HTMLElement | null} */ (document.querySelector('.find'));
  const input = find?.querySelector('input');
  const panel = /** @type {HTMLElement | null | undefined} */ (find?.querySelector('.find-panel'));
  const status = find?.querySelector('.find-status');
  const list = find?.querySelector('[role=listbox]');
  if (!find || !input || !panel || !status || !list) return;

  /** @type {Promise<(text: string) => Found[]> | undefined} */
  let opened;
  const open = () => {
    opened ??= import('./search.js')
      .then(({ openSearch }) => openSearch(String(find.dataset.find)))
      .catch((error) => {
        opened = undefined; // the next letter tries again
        throw error;
      });
    return opened;
  };

  let selected = 0;
  const options = () => /** @type {HTMLAnchorElement[]} */ ([...list.children]);
  const select = (/** @type {number} */ index) => {
    const all = options();
    selected = all.length === 0 ? 0 : (index + all.length) % all.length;
    for (const [each, option] of all.entries()) option.setAttribute('aria-selected', String(each === selected));
    const option = all[selected];
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const show = (/** @type {boolean} */ shown) => {
    panel.hidden = !shown;
    input.setAttribute('aria-expanded', String(shown && options().length > 0));
  };

  /** Resolves once the list fits the text of the field. */
  let found = Promise.resolve();
  const search = async () => {
    const text = input.value.trim();
    if (text === '') {
      list.replaceChildren();
      return show(false);
    }
    try {
      const results = (await open())(text);
      if (text !== input.value.trim()) return; // somebody types on
      list.replaceChildren(...results.map(showFound));
      status.textContent = results.length === 0 ? `Nothing found for “${text}”.` : countOf(results.length);
    } catch {
      list.replaceChildren();
      status.textContent = 'The search could not be loaded. Are you offline?';
    }
    select(0);
    show(true);
  };

  input.addEventListener('focus', () => {
    open().catch(() => {}); // told when something is searched
    if (input.value.trim() !== '') show(true);
  });
  input.addEventListener('input', () => {
    found = search();
  });
  input.addEventListener('keydown', async (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      select(selected + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      await found;
      options()[selected]?.click();
    } else if (event.key === 'Escape') {
      if (panel.hidden) input.blur();
      show(false);
    }
  });
  list.addEventListener('click', () => {
    show(false);
    input.blur();
  });
  find.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && find.contains(relatedTarget))) show(false);
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/** @param {number} count */
function countOf(count) {
  return count === 1 ? '1 section' : `${count} sections`;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
