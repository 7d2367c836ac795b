import './card.css';

/** A section with a heading. */
export function card(id, text) {
  const section = Object.assign(document.createElement('section'), { className: 'card' });
  section.append(Object.assign(document.createElement('h1'), { id, textContent: text }));
  return section;
}
