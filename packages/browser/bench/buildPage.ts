import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, defaultClientConditions } from 'vite'

/** A contender's page script as an application would ship it: its own bundle, minified, for production. */
export async function buildPage(name: string): Promise<BuiltPage> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    root: import.meta.dirname,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['waybill-source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: true,
      rolldownOptions: {
        input: join(import.meta.dirname, 'contenders', `${name}.ts`),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (!chunk) throw new Error('Vite built nothing.')
  return { script: chunk.code, gzipBytes: gzipSync(chunk.code, { level: 9 }).length }
}

export interface BuiltPage {
  readonly script: string
  readonly gzipBytes: number
}
