/** What an application ships of each set-up, minified and gzipped, from what `tsc -b` and Vite built. A kB is 1000 bytes. None may grow. */
const asModule = { gzip: true, modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }) }

const core = { 'packages/browser/dist/index.js': '{ createWaybill }' }

export default [
  { name: 'browser', limit: '12.75 kB', import: core, ...asModule },
  {
    name: "browser with ky's hooks",
    limit: '12.87 kB',
    import: { ...core, 'packages/browser/dist/ky.js': '{ kyHooks }' },
    ...asModule,
  },
  {
    name: "react's provider, boundary, notice and code, with browser",
    limit: '16.4 kB',
    import: {
      ...core,
      'packages/react/dist/index.js': '{ WaybillProvider, WaybillBoundary, ErrorNotice, ReferenceCode }',
    },
    ignore: ['react', 'react-dom'],
    ...asModule,
  },
  {
    name: 'react-query by itself',
    limit: '1.02 kB',
    path: 'packages/react-query/dist/index.js',
    ignore: ['@waybill/*', '@tanstack/*', 'react'],
    ...asModule,
  },
  {
    name: "carry's runtime",
    limit: '0.62 kB',
    import: { 'packages/carry/dist/runtime.js': '{ enter, capture, suspend, resume, resumeFirst, iterate }' },
    ...asModule,
  },
  {
    name: 'styles.css',
    limit: '3 kB',
    path: 'packages/react/src/styles.css',
    gzip: true,
    disablePlugins: ['@size-limit/esbuild'],
  },
  {
    name: "the desk's page, all of it",
    limit: '81 kB',
    path: 'packages/desk/dist/site/**',
    gzip: true,
    disablePlugins: ['@size-limit/esbuild'],
  },
]
