import { SourceMap } from 'node:module'
import type { SourceMapPayload } from 'node:module'
import type { LeftAlone } from '../carrySource.ts'

/** The same with the lines of the file as it was written, by the map of what other plugins made of it. */
export function originalLines(leftAlone: readonly LeftAlone[], map: object): readonly LeftAlone[] {
  const original = new SourceMap(map as SourceMapPayload)
  return leftAlone.map((each) => {
    // At the line's end, because what begins it may have been put there by a plugin.
    const entry = original.findEntry(each.line - 1, Number.MAX_SAFE_INTEGER)
    return 'originalLine' in entry ? { ...each, line: entry.originalLine + 1 } : each
  })
}
