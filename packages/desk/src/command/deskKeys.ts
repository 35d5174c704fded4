import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { deskFile } from '../store/deskFile.ts'

/**
 * The desk's keys: from the environment, else from the file that `deskFile` names, else made up. What was made up is kept there for the
 * next start by `keep`, as lines that `node --env-file` and shells read, for this user only.
 *
 * @throws Error when that file is there and cannot be read.
 */
export function deskKeys({ database, environment = process.env }: DeskKeysOptions): DeskKeys {
  const file = deskFile(database, '.keys')
  const kept = file === undefined ? {} : readKept(file)
  const made: [string, string][] = []

  function keyOf(name: string): DeskKey {
    const given = environment[name]?.trim()
    if (given) return { value: given, isGiven: true }
    let value = kept[name]?.trim()
    if (!value) made.push([name, (value = randomBytes(18).toString('base64url'))])
    return { value, isGiven: false }
  }

  return {
    token: keyOf('WAYBILL_DESK_TOKEN'),
    ingest: keyOf('WAYBILL_INGEST_KEY'),
    browser: keyOf('WAYBILL_BROWSER_KEY'),
    file,
    keep() {
      if (file === undefined || made.length === 0) return
      const lines = made.map(([name, value]) => `${name}=${value}\n`)
      const isUnended = kept !== NONE && !readFileSync(file, 'utf8').endsWith('\n')
      appendFileSync(file, (isUnended ? '\n' : '') + lines.join(''), { mode: 0o600 })
    },
    isOpenToOthers: () =>
      file !== undefined && process.platform !== 'win32' && ((statSync(file, QUIET)?.mode ?? 0) & 0o077) !== 0,
  }
}

export interface DeskKeys {
  readonly token: DeskKey
  readonly ingest: DeskKey
  readonly browser: DeskKey
  /** Where they are kept; none for a database in memory. */
  readonly file: string | undefined
  /** @throws Error when the file cannot be written. */
  keep(): void
  /** Whether other users of this machine may read the file. */
  isOpenToOthers(): boolean
}

export interface DeskKey {
  /** One, or several separated by commas. */
  readonly value: string
  /** By the environment, which stays its keeper: it is not shown. */
  readonly isGiven: boolean
}

interface DeskKeysOptions {
  /** See `databaseAddress`. */
  readonly database: string
  readonly environment?: NodeJS.ProcessEnv | undefined
}

const NONE: NodeJS.Dict<string> = {}
const QUIET = { throwIfNoEntry: false }

function readKept(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NONE
    throw new Error(
      `[waybill] The desk's keys in ${file} cannot be read (${String(error)}), and without them no page or server that has them could go on. Make the file readable for this user, or move it away for new keys.`,
      { cause: error },
    )
  }
}
