import { parseSync } from 'oxc-parser'
import type { ParserOptions } from 'oxc-parser'
import type { SyntaxNode } from './syntaxNode.ts'

export interface ParsedSource {
  readonly program: SyntaxNode
  /** Whether it can hold `import`: undefined where nothing in it says so, as both kinds of file can look like it. */
  readonly isModule: boolean | undefined
}

/** @throws SyntaxError with the place. */
export function parseSource(code: string, filename: string): ParsedSource {
  const extension = /\.([a-z]+)(?:[?#].*)?$/i.exec(filename)?.[1]?.toLowerCase() ?? 'js'
  const attempts = SOURCE_TYPES[extension.at(0)!] ?? ['unambiguous', 'module', 'commonjs']
  const lang = LANGUAGES[extension] ?? 'jsx'
  let firstError: SyntaxError | undefined
  for (const sourceType of attempts) {
    const { program, module, errors } = parseSync(filename, code, {
      lang,
      sourceType,
      astType: TYPED.has(lang) ? 'ts' : 'js',
    })
    const error = errors.find(({ severity }) => (severity as string) === 'Error')
    if (error === undefined) {
      const isModule = program.sourceType === 'module' || module.hasModuleSyntax
      return {
        program: program as unknown as SyntaxNode,
        isModule: isModule || (extension.startsWith('c') ? false : undefined),
      }
    }
    const place = error.labels[0]?.start ?? 0
    const lines = code.slice(0, place).split(LINE_END)
    firstError ??= new SyntaxError(
      `[waybill] ${filename}:${lines.length}:${lines.at(-1)!.length + 1} cannot be parsed: ${error.message}. Nothing in this file is carried; mend it, or leave it out.`,
    )
  }
  throw firstError!
}

/** From 1. */
export function lineOf(code: string, place: number): number {
  return code.slice(0, place).split(LINE_END).length
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/

const LANGUAGES: Readonly<Record<string, NonNullable<ParserOptions['lang']>>> = {
  ts: 'ts',
  mts: 'ts',
  cts: 'ts',
  tsx: 'tsx',
}

const TYPED: ReadonlySet<string> = new Set(['ts', 'tsx'])

/** By the first letter of the extension. What a build has made of a file may be of the other kind than its name says. */
const SOURCE_TYPES: Readonly<Record<string, readonly NonNullable<ParserOptions['sourceType']>[]>> = {
  m: ['module'],
  c: ['commonjs', 'unambiguous'],
}
