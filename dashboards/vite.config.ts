import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { showHarmlessly } from './show-harmlessly.ts';

/** Files only: nothing inline, so that the page works under a policy without 'unsafe-inline'. */
export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { nodeTransforms: [showHarmlessly] } } })],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/feed': { target: 'ws://127.0.0.1:8080', ws: true } } },
});
