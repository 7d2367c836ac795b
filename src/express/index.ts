export { assetsRouter } from './assets-router.ts';
export { devStaticRouter, type DevStaticRouter } from './dev-static-router.ts';
