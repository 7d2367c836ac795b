export { defineConfig, type StaticUrlConfig } from './config/define-config.ts';
