import { quote } from '../core/options.ts';

/**
 * Refuses what is no collection of assets, above all the promise of one.
 *
 * @param method - one that is called
 * @throws TypeError
 */
export function requireAssets(caller: string, assets: unknown, method: string): void {
  if (hasMethod(assets, method)) return;
  throw new TypeError(
    hasMethod(assets, 'then')
      ? `${caller} takes what openAssets() returned, not a Promise. Did you forget "await"?`
      : `${caller} takes what openAssets() returned, not ${quote(assets)}.`,
  );
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}
