import { text } from 'node:stream/consumers'

/** What was piped in. At a terminal, where nobody would know what to wait for, and when nothing came, the command ends with 2. */
export async function standardInput(): Promise<string> {
  const piped = process.stdin.isTTY ? '' : await text(process.stdin)
  if (piped.trim() === '') {
    console.error('[waybill] Nothing to work on. Give it as an argument, or pipe it in. (see waybill --help)')
    process.exit(2)
  }
  return piped
}

/** The argument by itself, or each line of standard input that is not blank; lines count from 1. */
export async function inputLines(argument: string | undefined): Promise<InputLine[]> {
  if (argument !== undefined) return [{ text: argument, line: null }]
  const lines = (await standardInput()).split('\n').map((text, i) => ({ text: text.trim(), line: i + 1 }))
  return lines.filter(({ text }) => text !== '')
}

export interface InputLine {
  readonly text: string
  /** Null for an argument. */
  readonly line: number | null
}
