import './app.css';

async function show() {
  const { render } = await (location.hash === '#/work' ? import('./work.js') : import('./home.js'));
  document.querySelector('main').replaceChildren(...render());
}

document.querySelector('#app').innerHTML =
  '<nav><a href="#/">Home</a> <a href="#/work">Work</a></nav><main></main>';
addEventListener('hashchange', () => void show());
void show();
