export { assetsRouter } from './express/assets-router.ts';
export { devStaticRouter, type DevStaticRouter } from './express/dev-static-router.ts';
export type { DevStaticRouterOptions, LiveReloadSettings } from './express/options.ts';
export { pageCache, type PageLocals } from './express/page-cache.ts';
