import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Eta } from 'eta';
import express from 'express';
import Handlebars from 'handlebars';
import { assetTags, openAssets, type Assets, type AssetTags } from '../../../src/assets.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { listen } from '../../helpers/listen.ts';

async function openExample(t: ExecutionContext, views = {}) {
  const folder = await temporaryFolder(t, {
    'public/css/app.css': '@font-face { src: url(../fonts/a.woff2) }',
    'public/fonts/a.woff2': 'font',
    'public/js/app.js': "import './part.js';",
    'public/js/part.js': '',
    ...views,
  });
  const assets = await openAssets({
    prefix: '/static/',
    roots: join(folder, 'public'),
    modules: 'importmap',
  });
  return { folder, assets, tags: assetTags(assets), expected: expectedPage(assets, assetTags(assets)) };
}

function expectedPage(assets: Assets, tags: AssetTags): string {
  const css = assets.url('css/app.css');
  return [
    `<link rel="preload" href="${css.replace('css/app.css', 'fonts/a.woff2')}" as="font" type="font/woff2" crossorigin="anonymous">`,
    `<link rel="stylesheet" href="${css}" media="screen">`,
    tags.importMap(),
    `<script type="module" src="${assets.url('js/app.js')}"></script>`,
    `<img src="${assets.url('fonts/a.woff2')}">`,
    '',
  ].join('\n');
}

test('the tags are app.locals or res.locals of EJS', async (t) => {
  const view = `<%- preload('fonts/a.woff2', { from: 'css/app.css' }) %>
<%- stylesheet('css/app.css', { media: 'screen' }) %>
<%- importMap() %>
<%- moduleScript('js/app.js') %>
<img src="<%= asset('fonts/a.woff2') %>">
`;
  const { folder, tags, expected } = await openExample(t, { 'page.ejs': view });
  const createApp = (): express.Express => express().set('views', folder).set('view engine', 'ejs');
  const withApp = createApp();
  Object.assign(withApp.locals, tags);
  const withResponse = createApp().use((_request, response, next) => {
    Object.assign(response.locals, tags);
    next();
  });
  for (const app of [withApp, withResponse]) {
    app.get('/', (_request, response) => response.render('page'));
    const { url } = await listen(t, app);
    t.is(await fetch(url).then((response) => response.text()), expected);
  }
});

test('the tags are data of Eta', async (t) => {
  const { tags, expected } = await openExample(t);
  const eta = new Eta();
  const view = `<%~ it.preload('fonts/a.woff2', { from: 'css/app.css' }) %>

<%~ it.stylesheet('css/app.css', { media: 'screen' }) %>

<%~ it.importMap() %>

<%~ it.moduleScript('js/app.js') %>

<img src="<%= it.asset('fonts/a.woff2') %>">
`;
  t.is(eta.renderString(view, { ...tags }), expected);
});

test('the tags are helpers of Handlebars', async (t) => {
  const { tags, expected } = await openExample(t);
  const handlebars = Handlebars.create();
  for (const [name, tag] of Object.entries(tags)) {
    handlebars.registerHelper(name, (...values) => {
      const { hash } = values.pop();
      return new Handlebars.SafeString(tag(...values, hash));
    });
  }
  const view = `{{preload 'fonts/a.woff2' from='css/app.css'}}
{{stylesheet 'css/app.css' media='screen'}}
{{importMap}}
{{moduleScript 'js/app.js'}}
<img src="{{asset 'fonts/a.woff2'}}">
`;
  t.is(handlebars.compile(view)({}), expected);
});
