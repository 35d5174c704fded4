import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { callHttp } from './callHttp.ts'
import type { Variables } from './createVariables.ts'
import type { DrillHop } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'
import { parseRecords } from './parseRecords.ts'
import type { DrillRecord } from './parseRecords.ts'
import { runCommand } from './runCommand.ts'

/**
 * Opens the place where a hop is looked at. Each `read` gives all records that were not there when it was opened, those of earlier reads
 * that are gone by now included, such as a message that was taken from its queue: what was there before proves nothing.
 */
export async function openSource({ name, source }: DrillHop, options: SourceOptions): Promise<OpenSource> {
  const { variables, base, folder, signal } = options
  const where = `"${name}"`
  if (source.by === 'desk') throw new TypeError('[waybill] A desk is asked, not read.')
  if (source.by === 'file') return openFile(resolve(folder, variables.fill(source.file, where)), where)

  const now = async (): Promise<DrillRecord[]> => {
    if (source.by === 'command')
      return parseRecords(await runCommand(source.command, { where, variables, folder, signal }), {
        isCsv: source.isCsv,
      })
    const { status, text } = await callHttp(source.call, { base, where, variables, signal })
    if (status >= 400) throw new DrillError(`${where} was answered with ${status}. Check its address and its headers.`)
    return parseRecords(text)
  }
  // Where it names something out of the action's answer, nothing of it can have been there before.
  const isAsked = variables.isKnown(JSON.stringify(source))
  const before = countsOf(isAsked ? await now() : [])
  const seen = new Map<string, DrillRecord[]>()
  return {
    async read() {
      if (!variables.isKnown(JSON.stringify(source))) return []
      const fresh = new Map<string, DrillRecord[]>()
      const old = new Map(before)
      for (const record of await now()) {
        const left = old.get(record.text) ?? 0
        if (left > 0) old.set(record.text, left - 1)
        else fresh.set(record.text, [...(fresh.get(record.text) ?? []), record])
      }
      for (const [text, records] of fresh) if (records.length > (seen.get(text)?.length ?? 0)) seen.set(text, records)
      return [...seen.values()].flat()
    },
  }
}

export interface OpenSource {
  /** @throws DrillError when it cannot be read. */
  readonly read: () => Promise<readonly DrillRecord[]>
}

export interface SourceOptions {
  readonly base: string
  /** What files are relative to. */
  readonly folder: string
  readonly variables: Variables
  readonly signal: AbortSignal
}

function countsOf(records: readonly DrillRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { text } of records) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** A log that is rotated meanwhile is read on from its new beginning. */
async function openFile(file: string, where: string): Promise<OpenSource> {
  let { size: offset, inode } = await placeOf(file, where)
  let rest = ''
  const records: DrillRecord[] = []
  return {
    async read() {
      const place = await placeOf(file, where)
      if (place.size < offset || (inode !== 0 && place.inode !== inode)) [offset, rest] = [0, '']
      inode = place.inode
      while (offset < place.size) {
        const bytes = await readFrom(file, offset, Math.min(CHUNK, place.size - offset))
        if (bytes.length === 0) break
        offset += bytes.length
        // Latin-1 keeps every byte until a line is whole.
        const lines = (rest + bytes.toString('latin1')).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) records.push(...parseRecords(Buffer.from(line, 'latin1').toString('utf8')))
        if (records.length > MOST_RECORDS) records.splice(0, records.length - MOST_RECORDS)
      }
      return records
    },
  }
}

const CHUNK = 8 * 1024 * 1024
const MOST_RECORDS = 200_000

async function placeOf(file: string, where: string): Promise<{ size: number; inode: number }> {
  try {
    const { size, ino, isDirectory } = await stat(file).then((found) => ({
      size: found.size,
      ino: found.ino,
      isDirectory: found.isDirectory(),
    }))
    if (isDirectory) throw new DrillError(`The file of ${where} is a folder. Write the path of the file in it.`)
    return { size, inode: ino }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { size: 0, inode: 0 }
    if (error instanceof DrillError) throw error
    throw new DrillError(
      `The file of ${where} cannot be read (${String(Object(error).code)}). Check that this user may.`,
      { cause: error },
    )
  }
}

async function readFrom(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
