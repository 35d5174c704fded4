import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { createTransformer } from 'unctx/transform'
import { carrySource } from '../src/carrySource.ts'

export const CONTENDERS = ['native', 'carry', 'idle', 'lowered', 'zone', 'unctx', 'storage'] as const

export type Contender = (typeof CONTENDERS)[number]

/** The work in one contender's translation, as one module that imports nothing but the packages it is measured with. */
export async function buildContender(name: Contender): Promise<string> {
  const file = join(import.meta.dirname, 'work.js')
  const { outputFiles } = await build({
    stdin: { contents: await translate(name, await readFile(file, 'utf8')), resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['waybill-source'],
    // zone.js sees only what goes through the page's Promise, so `async` must be gone.
    target: name === 'lowered' || name === 'zone' ? 'es2016' : 'esnext',
  })
  return outputFiles[0]!.text
}

async function translate(name: Contender, code: string): Promise<string> {
  if (name === 'carry') return carrySource(code, { filename: 'work.js' })!.code
  if (name === 'idle') return carrySource(code, { filename: 'work.js', runtime: './idleRuntime.js' })!.code
  if (name !== 'unctx') return code
  const transformer = await createTransformer({ asyncFunctions: ['wrap'] })
  return transformer.transform(code)!.code
}
