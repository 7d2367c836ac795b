/**
 * A field that leads to a note by its title. The list of notes is a preloaded view: a file that a browser keeps for ever,
 * since another list has another URL.
 *
 * @param {HTMLElement} element Has the URL of the list.
 */
export function startFind(element) {
  /** @type {{ title: string, url: string }[]} */
  let notes = [];
  const titles = Object.assign(document.createElement('datalist'), { id: 'titles' });
  const field = Object.assign(document.createElement('input'), {
    type: 'search',
    placeholder: 'Find a note',
    ariaLabel: 'Find a note',
    autocomplete: 'off',
  });
  field.setAttribute('list', titles.id);

  const fill = async () => {
    notes = await (await fetch(element.dataset.find)).json();
    titles.replaceChildren(...notes.map(({ title }) => new Option('', title)));
  };
  field.addEventListener('focus', () => void fill(), { once: true });
  field.addEventListener('input', () => {
    const note = notes.find(({ title }) => title === field.value);
    if (note) location.assign(note.url);
  });
  element.append(field, titles);
}
