import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { launchChromium } from '../helpers/chromium.ts';
import { freePort } from '../helpers/free-port.ts';

const START = new URL('../../examples/blog/start.js', import.meta.url).pathname;

/** Starts the example as `npm start` does once the package is built. */
async function startBlog(
  t: ExecutionContext,
  ...parameters: string[]
): Promise<{ url: string; printed: () => string; end: () => Promise<unknown> }> {
  const blog = spawn(process.execPath, [START, ...parameters], {
    env: {
      ...process.env,
      PORT: String(await freePort()),
      NODE_ENV: '',
      PATH: `${process.env['PATH']}:/usr/sbin`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(blog, 'exit').then(([code]: unknown[]) => code);
  t.teardown(async () => {
    blog.kill('SIGTERM');
    await exited;
  });
  let output = '';
  blog.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (url !== undefined && output.includes('Ctrl-C')) {
      return {
        url,
        printed: () => output,
        end: () => {
          blog.kill('SIGINT');
          return exited;
        },
      };
    }
    await Promise.race([
      once(blog.stdout, 'data'),
      exited.then((code) => Promise.reject(new Error(`ended with ${String(code)}`))),
    ]);
  }
}

const LIFETIMES = { development: 'no-cache', 'behind nginx': 'public, max-age=31536000, immutable' };

for (const [way, lifetime] of Object.entries(LIFETIMES)) {
  test(`the example ${way}: every file of a page comes from a versioned URL, with the lifetime promised`, async (t) => {
    const blog = await startBlog(t, ...(way === 'development' ? [] : ['--nginx']));
    t.regex(blog.printed(), way === 'development' ? /site\.css/ : /curl -I/);
    const page = await (await launchChromium(t)).newPage();
    const files: { path: string; status: number; cacheControl: string | undefined }[] = [];
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (!path.startsWith('/static/') || path.includes('/@live-reload/')) return;
      files.push({ path, status: response.status(), cacheControl: response.headers()['cache-control'] });
    });
    await page.goto(blog.url, { waitUntil: 'load' });
    await page.evaluate('document.fonts.ready');
    t.deepEqual(problems, []);
    t.deepEqual(
      files.filter(
        ({ path, status, cacheControl }) =>
          !/^\/static\/[0-9a-f]{16}\//.test(path) || status !== 200 || cacheControl !== lifetime,
      ),
      [],
    );
    for (const kind of ['css', 'js', 'svg', 'woff2']) {
      t.true(
        files.some(({ path }) => path.endsWith(`.${kind}`)),
        kind,
      );
    }
    const preloaded = files.map(({ path }) => path).filter((path) => /\.(?:js|woff2)$/.test(path));
    t.deepEqual(preloaded, [...new Set(preloaded)], 'what is preloaded is what the page uses');
    t.is((await fetch(`${blog.url}/nothing-here`)).status, 404);
    t.is(await blog.end(), 0);
  });
}
