import { showFound } from './found.js';

/** @typedef {import('./search.js').Found} Found */

/** More are not read. */
const most = 12;

/** The field that finds sections of all pages. What it needs is fetched when it is first used. */
export function openFind() {
  const find = document.querySelector('.find');
  const input = find?.querySelector('input');
  const panel = find?.querySelector('.find-panel');
  const status = find?.querySelector('.find-status');
  const list = find?.querySelector('[role=listbox]');
  if (!(find instanceof HTMLElement && panel instanceof HTMLElement && input && status && list)) return;

  /** @type {Promise<(text: string) => Found[]> | undefined} */
  let opened;
  const open = () => {
    opened ??= import('./search.js')
      .then(({ openSearch }) => openSearch(String(find.dataset['find'])))
      .catch((error) => {
        opened = undefined; // the next letter tries again
        throw error;
      });
    return opened;
  };

  let selected = 0;
  const select = (/** @type {number} */ index) => {
    const options = [...list.querySelectorAll('a')];
    selected = (index + options.length) % (options.length || 1);
    for (const [each, option] of options.entries())
      option.setAttribute('aria-selected', String(each === selected));
    input.setAttribute('aria-activedescendant', options[selected]?.id ?? '');
    options[selected]?.scrollIntoView({ block: 'nearest' });
  };
  const show = (/** @type {boolean} */ shown) => {
    panel.hidden = !shown;
    input.setAttribute('aria-expanded', String(shown));
  };

  const search = async () => {
    const text = input.value.trim();
    if (text === '') {
      list.replaceChildren();
      show(false);
      return;
    }
    try {
      const results = (await open())(text);
      if (text !== input.value.trim()) return; // somebody types on
      list.replaceChildren(...results.slice(0, most).map(showFound));
      status.textContent = countOf(results.length);
    } catch {
      list.replaceChildren();
      status.textContent = 'The search could not be loaded. Are you offline?';
    }
    show(true);
    select(0);
  };
  /** Resolves once the list fits the text of the field. */
  let found = Promise.resolve();

  input.addEventListener('focus', () => {
    open().catch(() => {}); // told once something is searched
    if (input.value.trim() !== '') show(true);
  });
  input.addEventListener('input', () => {
    found = search();
  });
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => select(selected + 1),
    ArrowUp: () => select(selected - 1),
    Enter: () => void found.then(() => list.querySelectorAll('a')[selected]?.click()),
    Escape: () => {
      input.value = '';
      show(false);
      input.blur();
    },
  };
  input.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.isComposing) return;
    event.preventDefault();
    act();
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
  if (count === 0) return 'Nothing found. Try fewer or shorter words.';
  if (count > most) return `The ${most} best of ${count} sections`;
  return count === 1 ? '1 section' : `${count} sections`;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
