import test from 'ava';
import { openChromium } from '../helpers/chromium.ts';
import { counter, reloaded, startLiveApp, styled, until } from './live-app.ts';

test.serial('a page whose URL has a name and a password is swapped and reloaded as any other', async (t) => {
  const allowed = `Basic ${Buffer.from('user:pass').toString('base64')}`;
  let isOpen = true;
  const app = await startLiveApp(t, {
    files: { 'app.css': '@import "./base.css";', 'base.css': '', 'app.js': '' },
    head: '<link rel="stylesheet" href="STATIC/app.css">',
    before: (request, response, next) => {
      if (isOpen || request.headers.authorization === allowed) next();
      else response.status(401).set('WWW-Authenticate', 'Basic realm="app"').send('Who are you?');
    },
  });
  isOpen = false;
  const page = await (await openChromium(t)).newPage();
  await page.goto(app.url.replace('//', '//user:pass@'));
  await page.evaluate('globalThis.counter = 41');
  await until(() => app.streams() === 1);
  app.write('app.css', '@import "./base.css"; body { color: blue }');
  await styled(page, 'color', 'rgb(0, 0, 255)');
  app.write('base.css', 'body { background-color: blue }');
  await styled(page, 'backgroundColor', 'rgb(0, 0, 255)');
  t.is(await counter(page), 41);
  app.write('app.js', '1');
  await reloaded(page);
  t.is(app.loads(), 2);
});
