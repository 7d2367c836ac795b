import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { ModulesMode } from '../../src/assets/asset-index.ts';
import type { AssetTags } from '../../src/assets/tags/asset-tags.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import type { WatchedPage } from '../helpers/watched-page.ts';
import { answered, assertImmutable, loadPage } from './asset-pages.ts';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** A site made of what packages publish, and of some files of its own. */
interface Site {
  /** Folders and files of npm packages, copied under `vendor/`. */
  readonly packages: readonly string[];
  readonly files: Files;
  readonly imports?: Readonly<Record<string, string>>;
  readonly page: (tags: AssetTags) => string;
}

async function load(
  t: ExecutionContext,
  { packages, files, imports, page }: Site,
  modules: ModulesMode,
): Promise<WatchedPage> {
  const roots = await temporaryFolder(t, files);
  for (const name of packages) {
    await mkdir(dirname(join(roots, 'vendor', name)), { recursive: true });
    await cp(join(MODULES, name), join(roots, 'vendor', name), { recursive: true });
  }
  const browser = await openChromium(t);
  const options = { roots, modules, strict: true, ...(imports && { imports }) };
  return loadPage(t, browser, options, page);
}

function assetsAskedFor({ answers }: WatchedPage): string[] {
  return answers.map(({ asset }) => asset);
}

const BOOTSTRAP: Site = {
  packages: ['bootstrap/dist', '@popperjs/core/dist/esm'],
  imports: { '@popperjs/core': 'vendor/@popperjs/core/dist/esm/index.js' },
  files: {
    'app.js': `
      import { Dropdown } from './vendor/bootstrap/dist/js/bootstrap.esm.js';
      import { createPopper } from '@popperjs/core';
      const dropdown = new Dropdown(document.querySelector('[data-bs-toggle]'));
      document.querySelector('.dropdown').addEventListener('shown.bs.dropdown', () => {
        document.body.dataset.shown = typeof createPopper;
      });
      dropdown.show();
    `,
  },
  page: ({ stylesheet, moduleScript }) => `
    ${stylesheet('vendor/bootstrap/dist/css/bootstrap.css')}
    <div class="dropdown"><button data-bs-toggle="dropdown">a</button><ul class="dropdown-menu"><li>b</ul></div>
    <input type="checkbox" class="form-check-input" checked>
    ${moduleScript('app.js')}`,
};

const THREE: Site = {
  packages: ['three/build', 'three/examples/jsm'],
  imports: { three: 'vendor/three/build/three.module.js' },
  files: {
    'app.js': `
      import { Vector3 } from 'three';
      import { OrbitControls } from './vendor/three/examples/jsm/controls/OrbitControls.js';
      import { EffectComposer } from './vendor/three/examples/jsm/postprocessing/EffectComposer.js';
      import { GLTFLoader } from './vendor/three/examples/jsm/loaders/GLTFLoader.js';
      import * as again from './vendor/three/build/three.module.js';
      const { RenderPass } = await import('./vendor/three/examples/jsm/postprocessing/RenderPass.js');
      const loaded = [OrbitControls, EffectComposer, GLTFLoader, RenderPass].every((each) => typeof each === 'function');
      document.body.dataset.loaded = String(loaded && again.Vector3 === Vector3);
    `,
  },
  page: ({ moduleScript }) => `<body>${moduleScript('app.js')}`,
};

const ICONS: Site = {
  packages: ['@fortawesome/fontawesome-free/css', '@fortawesome/fontawesome-free/webfonts'],
  files: {},
  page: ({ stylesheet }) => `
    ${stylesheet('vendor/@fortawesome/fontawesome-free/css/all.css')}
    <i class="fa-solid fa-user"></i><i class="fa-regular fa-user"></i><i class="fa-brands fa-github"></i>`,
};

const MAP: Site = {
  packages: ['leaflet/dist'],
  files: {
    'app.js': `
      import './vendor/leaflet/dist/leaflet-src.js';
      import { Icon, Marker, Map as LeafletMap, control } from './vendor/leaflet/dist/leaflet-src.esm.js';
      // Left alone it takes one address from the CSS and makes up the others, which no file refers to.
      delete Icon.Default.prototype._getIconUrl;
      Icon.Default.mergeOptions({
        iconUrl: new URL('./vendor/leaflet/dist/images/marker-icon.png', import.meta.url).href,
        iconRetinaUrl: new URL('./vendor/leaflet/dist/images/marker-icon-2x.png', import.meta.url).href,
        shadowUrl: new URL('./vendor/leaflet/dist/images/marker-shadow.png', import.meta.url).href,
      });
      const map = new LeafletMap('map').setView([0, 0], 2);
      new Marker([0, 0]).addTo(map);
      control.layers({ a: L.layerGroup() }).addTo(map);
    `,
  },
  page: ({ stylesheet, moduleScript }) => `
    ${stylesheet('vendor/leaflet/dist/leaflet.css')}
    <div id="map" style="height:300px"></div>
    ${moduleScript('app.js')}`,
};

const WIDGETS: Site = {
  packages: ['jquery-ui-dist', 'jquery/dist/jquery.js'],
  files: {
    'app.js':
      "$('#dialog').dialog({ modal: true }); $('#date').datepicker(); document.body.dataset.widgets = $.ui.version;",
  },
  page: ({ stylesheet, script }) => `
    ${stylesheet('vendor/jquery-ui-dist/jquery-ui.css')}
    <div id="dialog">a</div><input id="date"><span class="ui-icon ui-icon-alert"></span>
    <div class="ui-state-error"><span class="ui-icon ui-icon-alert"></span></div>
    ${script('vendor/jquery/dist/jquery.js')}${script('vendor/jquery-ui-dist/jquery-ui.js')}${script('app.js')}`,
};

for (const modules of ['group', 'importmap'] as const) {
  test(`bootstrap and popper load under immutable URLs, no module twice (modules: '${modules}')`, async (t) => {
    const loaded = await load(t, BOOTSTRAP, modules);
    await loaded.page.locator('body[data-shown="function"]').waitFor({ state: 'attached' });
    assertImmutable(t, loaded);
    const asked = assetsAskedFor(loaded);
    t.true(asked.includes('vendor/bootstrap/dist/css/bootstrap.css'));
    t.true(asked.filter((name) => name.startsWith('vendor/@popperjs/')).length > 20);
  });

  test(`three.js and its examples load under immutable URLs, no module twice (modules: '${modules}')`, async (t) => {
    const loaded = await load(t, THREE, modules);
    await loaded.page.locator('body[data-loaded="true"]').waitFor({ state: 'attached' });
    assertImmutable(t, loaded);
    const asked = assetsAskedFor(loaded);
    for (const name of [
      'build/three.module.js',
      'build/three.core.js',
      'examples/jsm/postprocessing/Pass.js',
    ])
      t.is(asked.filter((each) => each === `vendor/three/${name}`).length, 1, name);
  });

  test(`font-awesome's fonts load under immutable URLs (modules: '${modules}')`, async (t) => {
    const loaded = await load(t, ICONS, modules);
    const fonts = await loaded.page.evaluate<string[]>(`document.fonts.ready.then(() =>
      [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family, weight }) => family + ' ' + weight))`);
    t.deepEqual(fonts.map((each) => each.replaceAll('"', '')).toSorted(), [
      'Font Awesome 7 Brands 400',
      'Font Awesome 7 Free 400',
      'Font Awesome 7 Free 900',
    ]);
    assertImmutable(t, loaded);
    t.is(assetsAskedFor(loaded).filter((name) => name.endsWith('.woff2')).length, 3);
  });

  test(`leaflet's images load under immutable URLs (modules: '${modules}')`, async (t) => {
    const loaded = await load(t, MAP, modules);
    const names = ['layers.png', 'marker-icon.png', 'marker-shadow.png'];
    const expected = names.map((name) => `vendor/leaflet/dist/images/${name}`);
    await answered(loaded, expected);
    assertImmutable(t, loaded);
    const images = assetsAskedFor(loaded).filter((name) => name.endsWith('.png'));
    t.deepEqual([...new Set(images)].toSorted(), expected);
  });

  test(`jquery-ui's theme images load under immutable URLs (modules: '${modules}')`, async (t) => {
    const loaded = await load(t, WIDGETS, modules);
    await loaded.page.locator('body[data-widgets^="1."]').waitFor({ state: 'attached' });
    const icons = ['444444', 'cc0000'].map((colour) => `ui-icons_${colour}_256x240.png`);
    await answered(
      loaded,
      icons.map((name) => `vendor/jquery-ui-dist/images/${name}`),
    );
    assertImmutable(t, loaded);
  });
}

test('an address that leaflet makes up from one in its CSS is answered, but not to be kept', async (t) => {
  const site: Site = {
    packages: ['leaflet/dist'],
    files: {
      'app.js': `
        import { Marker, Map as LeafletMap } from './vendor/leaflet/dist/leaflet-src.esm.js';
        new Marker([0, 0]).addTo(new LeafletMap('map').setView([0, 0], 2));
      `,
    },
    page: MAP.page,
  };
  const loaded = await load(t, site, 'group');
  const shadow = 'vendor/leaflet/dist/images/marker-shadow.png';
  await answered(loaded, [shadow]);
  for (const { status, cacheControl } of loaded.answers.filter(({ asset }) => asset === shadow))
    t.deepEqual([status, cacheControl], [200, 'no-store']);
  t.deepEqual(loaded.complaints, []);
});
