import { card } from './card.js';
import { release } from './release.js';
import './release.css';

/** A page with an image, and with answers of a worker and of WebAssembly. */
export function render() {
  const section = card('work', release);
  const image = Object.assign(document.createElement('img'), {
    src: new URL('./picture.svg', import.meta.url).href,
  });
  section.append(image);
  const add = (answer) =>
    section.append(Object.assign(document.createElement('output'), { textContent: answer }));
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }) => add(data));
  worker.postMessage(2);
  void WebAssembly.instantiateStreaming(fetch(new URL('./add.wasm', import.meta.url))).then(({ instance }) =>
    add(`wasm ${instance.exports.add(3, 4)}`),
  );
  return [section];
}
