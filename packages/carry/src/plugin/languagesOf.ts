import { extname } from 'node:path'
import { fileOf } from './fileOf.ts'

/**
 * The languages that a module's text may be in, likeliest first, as file extensions. Which one is first matters:
 * `await get<User>(url)` can be read as JavaScript too, and then awaits something else.
 */
export function languagesOf(id: string, state: TextState): readonly string[] {
  // As Vue's plugins write it: `Form.vue?vue&type=script&lang.ts`.
  const extension = /[?&]lang[.=]([cm]?[jt]sx?)\b/.exec(id)?.[1] ?? extname(fileOf(id)).slice(1)
  const javascript = JAVASCRIPT[extension] ?? ['js', 'jsx']
  if (!/^[cm]?tsx?$/.test(extension)) return javascript
  return state === 'compiled' ? [...javascript, extension] : [extension, ...javascript]
}

/** The same where the bundler tells the type of a module, as Rolldown does. None where the module is no code. */
export function languagesOfType(id: string, moduleType: string): readonly string[] {
  if (moduleType === 'js') return languagesOf(id, 'compiled')
  if (moduleType === 'jsx') return ['jsx']
  if (moduleType === 'ts' || moduleType === 'tsx') return [moduleType, ...languagesOf(id, 'original')]
  return []
}

/** Whether others have made JavaScript of it, or it is as it was written. */
export type TextState = 'original' | 'compiled'

const JAVASCRIPT: Readonly<Record<string, readonly string[]>> = {
  mjs: ['mjs'],
  mts: ['mjs'],
  cjs: ['cjs'],
  cts: ['cjs'],
}
