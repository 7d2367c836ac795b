export { defineConfig, type StaticUrlConfig } from './define-config.ts';
export { loadConfig } from './load-config.ts';
export type { ResolvedConfig } from './resolve-config.ts';
