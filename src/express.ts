export { assetsRouter, type DevStaticRouter, devStaticRouter } from './express/index.ts';
export type { DevStaticRouterOptions, LiveReloadSettings } from './express/options.ts';
