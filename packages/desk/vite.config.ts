import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Builds the desk's page out of the packages' sources, so that nothing has to be built before it. */
export default defineConfig({
  root: fileURLToPath(new URL('./src/page', import.meta.url)),
  plugins: [react()],
  resolve: {
    conditions: ['waybill-source', ...defaultClientConditions],
    alias: {
      // The same components on Preact, which is a sixth of React’s size.
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom/client': 'preact/compat/client',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  build: {
    // Not dist/page: there tsc puts what it checked, and each would clear away the other's.
    outDir: fileURLToPath(new URL('./dist/site', import.meta.url)),
    emptyOutDir: true,
  },
})
