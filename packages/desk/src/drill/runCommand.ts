import { spawn } from 'node:child_process'
import { cleanText } from '@waybill/trail'
import type { Variables } from './createVariables.ts'
import type { DrillCommand } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'

/**
 * Runs a command and gives what it printed. A list runs without a shell, its arguments filled by us; a text runs by the shell, which
 * finds the drill's variables in its environment, so that nothing an answer held is ever read as a command.
 *
 * @throws DrillError when it cannot be started, ends with anything but 0, prints more than 64 MB, or takes longer than 30 s.
 */
export async function runCommand(
  command: DrillCommand,
  { where, variables, folder, signal }: CommandOptions,
): Promise<string> {
  const isText = typeof command === 'string'
  const [program = '', ...args] = isText ? [command] : command.map((each) => variables.fill(each, where))
  const child = spawn(program, args, {
    shell: isText,
    cwd: folder,
    env: variables.environmentFor(isText ? command : ''),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in the terminal does not reach what undoes the failure, and all of it can be ended.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const end = (): void => {
    try {
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  const chunks: Buffer[] = []
  let bytes = 0
  let said = ''
  let trouble = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MOST_BYTES) chunks.push(chunk)
    else {
      trouble = 'printed more than 64 MB. Let it print only the newest lines'
      end()
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const timer = setTimeout(() => {
    trouble = `did not end within ${LONGEST_MS / 1000} s. Give it a form that prints and ends, without -f or --follow`
    end()
  }, LONGEST_MS)
  signal?.addEventListener('abort', end, { once: true })
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exit, by) => resolve(exit ?? by ?? 'a signal'))
    })
    signal?.throwIfAborted()
    if (trouble !== '') throw new DrillError(`The command of ${where} ${trouble}.`)
    if (code !== 0) {
      const last = cleanText(variables.hide(said.trim().split('\n').at(-1) ?? '')).slice(0, 200)
      throw new DrillError(
        `The command of ${where} ended with ${code}${last && ` and said: ${last}`}. Try it by hand in the same folder.`,
      )
    }
  } catch (error) {
    if (error instanceof DrillError || signal?.aborted) throw error
    throw new DrillError(
      `The command of ${where} could not be started (${String(Object(error).code ?? 'no code')}). Check that the program is installed.`,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export interface CommandOptions {
  /** What it is for, in the file's words. */
  readonly where: string
  readonly variables: Variables
  /** Where it runs. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
}

const MOST_BYTES = 64 * 1024 * 1024
const LONGEST_MS = 30_000
