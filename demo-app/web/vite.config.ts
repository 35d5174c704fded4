import react from '@vitejs/plugin-react'
import { carry } from '@waybill/carry/vite'
import { defaultClientConditions, defineConfig } from 'vite'

/** Builds the shop's web app into `dist`, straight from the packages' source, so that nothing has to be built before it. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  // ky waits a moment before it calls, and then knows no more whose call it is.
  plugins: [react(), carry({ include: ['ky'] })],
  resolve: { conditions: ['waybill-source', ...defaultClientConditions] },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022' },
})
