import type { ExecutionContext } from 'ava';
import type { WatchedPage } from '../../helpers/watched-page.ts';
import { comesToPass } from './visit.ts';

/** What an expression gives in a page, once there is an element. */
const valueOf = ({ page }: WatchedPage, selector: string, expression: string): Promise<unknown> =>
  page.evaluate(`((element) => element && ${expression})(document.querySelector('${selector}'))`);

/** Looks at the first route of an app. */
export async function seeHome(t: ExecutionContext, visited: WatchedPage): Promise<void> {
  // The stylesheet of a lazy route comes with it, or a little later.
  await comesToPass(
    t,
    visited,
    async () => (await valueOf(visited, '#home', 'getComputedStyle(element).color')) === 'rgb(1, 1, 1)',
  );
  t.is(await valueOf(visited, '.card', 'getComputedStyle(element).padding'), '7px');
  t.is(await valueOf(visited, 'body', 'getComputedStyle(element).backgroundColor'), 'rgb(9, 9, 9)');
}

/** Goes on to the other one, whose code, style, image, worker and WebAssembly are to be those of a release. */
export async function goToWork(t: ExecutionContext, visited: WatchedPage, release: number): Promise<void> {
  const { page } = visited;
  await page.click('text=Work');
  await comesToPass(
    t,
    visited,
    async () =>
      (await valueOf(visited, '#work', 'getComputedStyle(element).color')) === `rgb(2, 2, ${release})` &&
      (await valueOf(visited, 'img', 'element.naturalWidth')) === release &&
      (await page.locator('output').count()) === 2,
  );
  t.is(await page.textContent('#work'), `release ${release}`);
  t.deepEqual((await page.locator('output').allTextContents()).toSorted(), [
    `wasm ${7 + release}`,
    `worker 4 of release ${release}`,
  ]);
}
