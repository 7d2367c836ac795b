import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { AssetTags } from '../../src/assets.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { BUNDLER_PACKAGES } from './bundlers/build.ts';
import { startDeployment, WAYS } from './bundlers/deployment.ts';
import { comesToPass, passingAnswers, visit } from './bundlers/visit.ts';

// Packages that are copied as they are, whose scripts make the URLs of all else from text.

interface VendorPackage {
  /** Its folder in the package. */
  readonly source: string;
  /** What the page names; all else is gone in further releases. */
  readonly named: readonly string[];
  readonly optional?: readonly string[];
  readonly write: (tags: AssetTags) => string;
  /** What the tab runs after those releases, until it works. */
  readonly use: string;
  /** What that loads, below the folder. */
  readonly loads: readonly RegExp[];
}

const VENDORS: Readonly<Record<string, VendorPackage>> = {
  tinymce: {
    source: 'tinymce',
    named: ['tinymce.min.js'],
    write: ({ script }) => script('vendor/tinymce/tinymce.min.js'),
    use: `tinymce.init({
      target: document.querySelector('#app'),
      license_key: 'gpl',
      plugins: 'code emoticons help lists table',
      skin: 'oxide-dark',
      content_css: 'dark',
    })`,
    loads: [
      /^themes\//,
      /^models\//,
      /^icons\//,
      /^skins\/ui\/oxide-dark\/skin\.min\.css$/,
      /^skins\/content\/dark\//,
      /^plugins\/table\//,
      /^plugins\/emoticons\/js\//,
      /^plugins\/help\/js\/i18n\//,
    ],
  },
  monaco: {
    source: 'monaco-editor/min',
    named: ['vs/loader.js'],
    write: ({ script }) => script('vendor/monaco/vs/loader.js'),
    use: `new Promise((resolve, reject) => {
      require.config({ paths: { vs: document.scripts[document.scripts.length - 1].src.replace('/loader.js', '') } });
      require(['vs/editor/editor.main'], () => {
        monaco.editor.create(document.querySelector('#app'));
        monaco.editor.onDidChangeMarkers(() => {
          const owners = monaco.editor.getModelMarkers({}).map(({ owner }) => owner);
          if (['css', 'json', 'typescript'].every((owner) => owners.includes(owner))) resolve();
        });
        monaco.editor.createModel('a { colr: red', 'css');
        monaco.editor.createModel('{ "a": }', 'json');
        monaco.editor.createModel('const a: number = "x";', 'typescript');
      }, reject);
    })`,
    loads: [
      /^vs\/editor\/editor\.main\.css$/,
      /^vs\/assets\/editor\.worker-/,
      /^vs\/assets\/css\.worker-/,
      /^vs\/assets\/json\.worker-/,
      /^vs\/assets\/ts\.worker-/,
    ],
  },
  cesium: {
    source: 'cesium/Build/Cesium',
    named: ['index.js', 'Widgets/widgets.css'],
    // One of its workers names a file beside it that lies elsewhere.
    optional: ['vendor/cesium/Workers/*'],
    write: ({ moduleScript, stylesheet }) =>
      stylesheet('vendor/cesium/Widgets/widgets.css') + moduleScript('vendor/cesium/index.js'),
    use: `(async () => {
      const Cesium = await import(document.querySelector('script[type=module]').src);
      const { Viewer, ImageryLayer, TileMapServiceImageryProvider, buildModuleUrl } = Cesium;
      const { Primitive, GeometryInstance, BoxGeometry, Cartesian3, PerInstanceColorAppearance, Color } = Cesium;
      // Small, for it is drawn without a graphics card.
      Object.assign(document.querySelector('#app').style, { width: '64px', height: '64px' });
      const imagery = TileMapServiceImageryProvider.fromUrl(buildModuleUrl('Assets/Textures/NaturalEarthII'));
      const viewer = new Viewer('app', {
        // Those would ask a server of Cesium's.
        baseLayerPicker: false,
        geocoder: false,
        baseLayer: ImageryLayer.fromProviderAsync(imagery),
      });
      const [minimum, maximum] = [new Cartesian3(6e6, 6e6, 6e6), new Cartesian3(7e6, 7e6, 7e6)];
      const geometry = new BoxGeometry({ minimum, maximum });
      const color = Cesium.ColorGeometryInstanceAttribute.fromColor(Color.RED);
      const box = viewer.scene.primitives.add(new Primitive({
        geometryInstances: new GeometryInstance({ geometry, attributes: { color } }),
        appearance: new PerInstanceColorAppearance(),
      }));
      const isDrawn = () => box.ready && viewer.scene.globe.tilesLoaded;
      await new Promise((resolve) => viewer.scene.postRender.addEventListener(() => isDrawn() && resolve()));
      viewer.destroy();
    })()`,
    loads: [
      /^Assets\/Textures\/NaturalEarthII\/.*\.jpg$/,
      /^Assets\/Textures\/SkyBox\//,
      /^Assets\/IAU2006_XYS\//,
      /^Workers\/createBoxGeometry\.js$/,
      /^Workers\/chunk-/,
    ],
  },
};

for (const [name, { source, named, optional, write, use, loads }] of Object.entries(VENDORS))
  test(`what scripts of a folder ask for by text is kept for a year with "together", also in a tab from two releases ago: ${name}`, async (t) => {
    t.timeout(600_000);
    const folder = `vendor/${name}/`;
    const [whole, rest] = [await temporaryFolder(t), await temporaryFolder(t)];
    await cp(join(BUNDLER_PACKAGES, source), join(whole, folder), { recursive: true });
    for (const each of named) await cp(join(whole, folder, each), join(rest, folder, each));
    for (const way of WAYS) {
      t.log(way.server, way.modules);
      const deployment = await startDeployment(t, { ...way, together: [folder], optional }, write);
      await deployment.release({ root: whole });
      const tab = await visit(t, deployment.url);
      const { page, answers } = tab;
      for (const release of ['2', '3']) {
        await writeFiles(rest, { [`${folder}release.txt`]: release });
        await deployment.release({ root: rest });
      }
      const isLoaded = (pattern: RegExp): boolean =>
        answers.some(({ asset }) => asset.startsWith(folder) && pattern.test(asset.slice(folder.length)));
      let isUsed = false;
      void page.evaluate(use).then(() => (isUsed = true));
      await comesToPass(t, tab, () => isUsed && loads.every(isLoaded));
      t.deepEqual(passingAnswers(answers), []);
      await page.close();
    }
  });
