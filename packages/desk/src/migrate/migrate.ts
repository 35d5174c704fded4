import { copyFileSync, existsSync } from 'node:fs'
import type { NamespaceOptions } from '@waybill/reference'
import { accessFileOf } from '../access/openAccessFile.ts'
import { openAccessStore } from '../access/openAccessStore.ts'
import { deskFile } from '../store/deskFile.ts'
import { fileBeside } from '../store/fileBeside.ts'
import { keepSecret, textOf } from '../store/openHashSecret.ts'
import { openStore } from '../store/openStore.ts'
import { closeToOthers } from '../store/privateFile.ts'
import { checkTarget } from './checkTarget.ts'
import { moveAccess } from './moveAccess.ts'
import type { MovedAccess } from './moveAccess.ts'
import { moveTrails } from './moveTrails.ts'
import { openTrailTarget } from './openTrailTarget.ts'
import { readAccessFile } from './readAccessFile.ts'
import type { TrailCount, TrailSource } from './TrailRecord.ts'
import { verifyTrails } from './verifyTrails.ts'
import type { Verified } from './verifyTrails.ts'

/**
 * Moves all that a desk keeps in SQLite files into another database, and looks whether it is there. Called again it goes on where it was interrupted; after the
 * end it adds what is new. The source is only read.
 *
 * @throws TypeError when the target is none, or both have a token in force of the same name; Error when it cannot be reached, or has another secret.
 */
export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const { file, source, to, namespace, compare, onProgress } = options
  const secretFile = deskFile(to, '.secret')
  await checkTarget({ database: to, source: file, secret: source.secret })
  const hashSecret = textOf(source.secret)
  const target = await openTrailTarget({ database: to, hashSecret, namespace })
  const written: string[] = []
  let moved: TrailCount
  let access: MovedAccess | undefined
  try {
    // Before the first trail, so that none is ever there without the secret of its hashes.
    if (secretFile !== undefined && !process.env['WAYBILL_HASH_SECRET'] && !existsSync(secretFile)) {
      keepSecret(source.secret, secretFile)
      written.push(secretFile)
    }
    written.push(...carryKeys(fileBeside(file, '.keys'), deskFile(to, '.keys')))
    access = await accessMoved(options)
    moved = await moveTrails({ source, target, onProgress: (done) => onProgress('move', done) })
  } finally {
    await target.close()
  }
  const store = await openStore({ database: to, hashSecret, namespace })
  try {
    const onSeen = (done: TrailCount): void => onProgress('verify', done)
    const verified = await verifyTrails({ source, store, namespace, compare, onProgress: onSeen })
    return { moved, access, verified, written }
  } finally {
    await store.stop()
  }
}

export interface MigrateOptions extends NamespaceOptions {
  readonly source: TrailSource
  /** The source's path. */
  readonly file: string
  /** See `databaseAddress`. */
  readonly to: string
  /** See `verifyTrails`. */
  readonly compare: 'some' | 'all'
  /** Hears how much was moved, and after that looked for. */
  readonly onProgress: (stage: 'move' | 'verify', done: TrailCount) => void
}

export interface Migrated {
  readonly moved: TrailCount
  /** Absent where there was none. */
  readonly access: MovedAccess | undefined
  readonly verified: Verified
  /** Files that were written beside the target. */
  readonly written: readonly string[]
}

async function accessMoved({ file, to }: MigrateOptions): Promise<MovedAccess | undefined> {
  const accessFile = accessFileOf(file)
  const from = readAccessFile(accessFile)
  if (!from) return undefined
  const store = openAccessStore({ database: to, keepLogDays: from.keepLogDays })
  try {
    return await moveAccess({ from, file: accessFile, to: store })
  } finally {
    from.close()
    await store.stop()
  }
}

/** Pages and servers have the keys that the desk made up. */
function carryKeys(from: string, to: string | undefined): string[] {
  if (to === undefined || !existsSync(from) || existsSync(to)) return []
  copyFileSync(from, to)
  closeToOthers(to)
  return [to]
}
