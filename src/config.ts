export { defineConfig, type StaticUrlConfig } from './config/index.ts';
