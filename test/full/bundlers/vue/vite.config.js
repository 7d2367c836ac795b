import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [vue()],
  build: {
    manifest: true,
    rolldownOptions: { input: 'src/main.js' },
    // Files as big as real ones are not put into the code.
    assetsInlineLimit: 0,
  },
});
