import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What carried code imports, for bundlers' own filters. */
export const IS_RUNTIME = /^@waybill\/carry\/runtime$/

/**
 * Where it lies. Carried packages cannot find it by its name where each package sees only what it depends on itself, as with pnpm,
 * so plugins resolve it.
 */
export const runtimeFile: string = fileURLToPath(new URL(`../runtime${extname(import.meta.url)}`, import.meta.url))
