import { chmodSync, closeSync, fsyncSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a file that only this user may read, from its first moment and whatever the umask, when it is not there. One that other users of this
 * machine may read is closed to them, as far as its file system and its owner let this user.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  closeToOthers(file)
}

/** Writes a whole private file at once: after a crash it is there as it should be, or not at all. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.new`
  makePrivate(draft)
  writeFileSync(draft, text, { flush: true })
  renameSync(draft, file)
  syncFolder(dirname(file))
}

/** Takes other users' rights to a file or a folder away. Windows keeps no such rights in the mode. */
export function closeToOthers(file: string): void {
  if (process.platform === 'win32') return
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & 0o077) === 0) return
  try {
    chmodSync(file, mode & 0o700)
  } catch {
    // Not this user's file, or a file system without rights: then it stays as its owner wants it.
  }
}

/** Without this what was written may be gone after a power cut. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Without this a file may be gone after a power cut although its bytes are on the disk. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
