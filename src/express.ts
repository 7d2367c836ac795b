export { assetsRouter } from './express/assets-router.ts';
export type { DevStaticRouterOptions, LiveReloadSettings } from './express/dev-router-options.ts';
export { devStaticRouter, type DevStaticRouter } from './express/dev-static-router.ts';
