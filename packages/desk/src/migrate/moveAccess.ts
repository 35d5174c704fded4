import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { AccessStore } from '../access/AccessStore.ts'
import type { AccessFile } from './readAccessFile.ts'

/**
 * Moves tokens, sign-ins and the access log into another store, where what is there already stays. Again it moves only what is new.
 *
 * @throws TypeError when both have a token in force of the same name.
 */
export async function moveAccess({ from, file, to }: MoveAccessOptions): Promise<MovedAccess> {
  const sourceId = createHash('sha256').update(realpathSync(file)).digest('hex')
  const { tokens, signIns } = from
  await to.takeOver({ sourceId, tokens, signIns, lines: [] })
  let lines = 0
  for (const some of from.lines()) {
    await to.takeOver({ sourceId, tokens: [], signIns: [], lines: some })
    lines += some.length
  }
  return { tokens: tokens.length, signIns: signIns.length, lines }
}

export interface MoveAccessOptions {
  readonly from: AccessFile
  /** Its path, by which the target knows what it had of it. */
  readonly file: string
  readonly to: Pick<AccessStore, 'takeOver'>
}

export interface MovedAccess {
  readonly tokens: number
  readonly signIns: number
  readonly lines: number
}
