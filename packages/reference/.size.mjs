import { build } from 'vite'
import { gzipSync } from 'node:zlib'
for (const what of ["export * from '@waybill/reference'"]) {
  const out = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    resolve: { conditions: ['waybill-source', 'module', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'e',
        resolveId(id) {
          if (id.endsWith('virtual-e')) return '\0e'
        },
        load(id) {
          if (id === '\0e') return what
        },
      },
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      rollupOptions: { input: 'virtual-e', preserveEntrySignatures: 'strict' },
    },
  })
  const code = [out].flat()[0].output[0].code
  console.log(what, code.length, gzipSync(code, { level: 9 }).length)
  if (process.argv[2]) console.log(code)
}
