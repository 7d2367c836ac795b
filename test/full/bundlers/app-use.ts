import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { until } from '../../helpers/descriptors.ts';
import type { Visit } from './visit.ts';

const colorOf = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);

/** Looks at the first route of an app. */
export async function seeHome(t: ExecutionContext, { page, complaints }: Visit): Promise<void> {
  await page.waitForSelector('#home');
  // The stylesheet of a lazy route comes with it, or a little later.
  await until(async () => (await colorOf(page, '#home')) === 'rgb(1, 1, 1)');
  t.is(await page.evaluate('getComputedStyle(document.querySelector(".card")).padding'), '7px');
  t.is(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(9, 9, 9)');
  t.deepEqual(complaints, []);
}

/** Goes on to the other one, whose code, style, image, worker and WebAssembly are to be those of a release. */
export async function goToWork(t: ExecutionContext, { page, complaints }: Visit, release = 1): Promise<void> {
  await page.click('text=Work');
  await page.waitForSelector('#work');
  await until(async () => (await colorOf(page, '#work')) === `rgb(2, 2, ${release})`);
  t.is(await page.textContent('#work'), `release ${release}`);
  await until(async () => (await page.locator('output').count()) === 2);
  t.deepEqual((await page.locator('output').allTextContents()).toSorted(), [
    `wasm ${7 + release}`,
    `worker 4 of release ${release}`,
  ]);
  await until(async () => (await page.evaluate('document.querySelector("img").naturalWidth')) === release);
  t.deepEqual(complaints, []);
}
