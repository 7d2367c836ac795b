import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { openChromium } from '../helpers/chromium.ts';
import {
  counter,
  openPage,
  reloaded,
  startLiveApp,
  styled,
  until,
  type LiveApp,
  type LiveAppOptions,
} from './live-app.ts';

const LINK = '<link rel="stylesheet" href="STATIC/app.css">';
const SCRIPT = '<script type="module" src="STATIC/app.js"></script>';
const VERSIONED_LINK = LINK.replace('STATIC', '/static/0123456789abcdef');
const RED = 'rgb(255, 0, 0)';
const BLUE = 'rgb(0, 0, 255)';
const GREEN = 'rgb(0, 128, 0)';
const COLOURS = { 'app.css': 'body, p { color: red }' };

async function open(t: ExecutionContext, options: LiveAppOptions): Promise<{ app: LiveApp; page: Page }> {
  const app = await startLiveApp(t, { head: LINK + SCRIPT, ...options });
  const browser = await openChromium(t);
  return { app, page: await openPage(await browser.newContext(), app) };
}

/** Waits until an element that an expression finds in the page has a colour. */
async function coloured(page: Page, element: string, colour: string): Promise<void> {
  await until(
    async () =>
      (await page.evaluate(`(() => {
    const element = ${element};
    return element && element.ownerDocument.defaultView.getComputedStyle(element).color;
  })()`)) === colour,
  );
}

test.serial('a stylesheet of open shadow roots is swapped in each of them', async (t) => {
  const { app, page } = await open(t, {
    files: {
      ...COLOURS,
      'import.css': '@import "app.css";',
      'app.js': `
        const make = (parent, html) => {
          const root = parent.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
          root.innerHTML = html + '<p>text</p>';
          return root;
        };
        globalThis.outer = make(document.body, '${VERSIONED_LINK}');
        globalThis.inner = make(outer, '${VERSIONED_LINK.replace('app.css', 'import.css')}');`,
    },
  });
  for (const [content, colour] of [
    ['blue', BLUE],
    ['green', GREEN],
  ] as const) {
    app.write('app.css', `body, p { color: ${content} }`);
    await styled(page, 'color', colour);
    await coloured(page, 'globalThis.outer?.querySelector("p")', colour);
    await coloured(page, 'globalThis.inner?.querySelector("p")', colour);
  }
  t.is(await counter(page), 41);
});

test.serial('a stylesheet that is linked, and adopted too, reloads', async (t) => {
  const { app, page } = await open(t, {
    files: {
      ...COLOURS,
      'app.js': `
        import sheet from './app.css' with { type: 'css' };
        const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
        root.innerHTML = '<p>text</p>';
        root.adoptedStyleSheets = [sheet];
        globalThis.root = root;`,
    },
  });
  await coloured(page, 'globalThis.root?.querySelector("p")', RED);
  app.write('app.css', 'body, p { color: blue }');
  await reloaded(page);
  await coloured(page, 'globalThis.root?.querySelector("p")', BLUE);
  t.is(app.loads(), 2);
});

test.serial('a stylesheet is swapped although another one is adopted', async (t) => {
  const { app, page } = await open(t, {
    files: {
      ...COLOURS,
      'other.css': 'p { padding: 1px }',
      'app.js':
        "import sheet from './other.css' with { type: 'css' }; document.adoptedStyleSheets = [sheet];",
    },
  });
  await until(async () => (await page.evaluate('document.adoptedStyleSheets.length')) === 1);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

for (const tag of ['', ', that looks after itself']) {
  test.serial(`a stylesheet of a frame${tag} is swapped, once, there and in the page`, async (t) => {
    let asked = 0;
    const { app, page } = await open(t, {
      files: { ...COLOURS, 'import.css': '@import "app.css";', 'app.js': '' },
      before: (request, response, next) => {
        if (request.path === '/frame') {
          const script =
            tag === '' ? '' : '<script type="module" src="/static/@live-reload/client.js"></script>';
          const style = '<style>@import "/static/app.css" screen;</style>';
          response.send(`<!doctype html>${VERSIONED_LINK}${style}${script}<p>text</p>`);
        } else {
          if ('live-reload' in request.query) asked += 1;
          next();
        }
      },
      policy: "default-src 'self'; style-src 'self' 'unsafe-inline'",
    });
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('iframe'), { src: '/frame' }))",
    );
    const paragraph = 'frames[0]?.document.querySelector("p")';
    await coloured(page, paragraph, RED);
    if (tag !== '')
      await until(
        async () =>
          (await page.evaluate(
            'frames[0].performance.getEntriesByType("resource").some(({ name }) => name.endsWith("client.js"))',
          )) === true,
      );
    app.write('app.css', 'body, p { color: blue }');
    await styled(page, 'color', BLUE);
    await coloured(page, paragraph, BLUE);
    await until(
      async () => (await page.evaluate('frames[0].document.querySelectorAll("link, style").length')) === 2,
    );
    t.is(await counter(page), 41);
    t.true(asked <= 4, 'a link each, and the import after a look whether it is there');
  });
}
