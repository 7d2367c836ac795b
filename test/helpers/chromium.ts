import test, { type ExecutionContext } from 'ava';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

/** What a test does with its browser. */
export type Chromium = Pick<Browser, 'newContext' | 'newPage'>;

let launched: Promise<Browser> | undefined;

test.after.always(async () => (await launched)?.close());

/**
 * Debian's Chromium, headless: one for all tests of a file. What a test opens in it shares nothing with the others, as
 * each context has its own cache and storage, and is closed when the test ends. Nothing in it has a time limit but the
 * test's own: on a busy machine thirty seconds, Playwright's limit, can pass before a page is there.
 */
export async function openChromium(t: ExecutionContext): Promise<Chromium> {
  launched ??= launch();
  const browser = await launched;
  const newContext: Browser['newContext'] = async (options) => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(0);
    t.teardown(() => context.close());
    return context;
  };
  return { newContext, newPage: async (options) => (await newContext(options)).newPage() };
}

/** A visitor who comes again and again: an empty tab keeps the window open, which costs more than a tab. */
export async function openWindow(t: ExecutionContext): Promise<BrowserContext> {
  const context = await (await openChromium(t)).newContext();
  await context.newPage();
  return context;
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
