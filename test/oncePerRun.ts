import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'

/**
 * The folder of that name, which the first file of a run of tests that asks for it makes and all others share. Where making it fails,
 * the next that asks tries again.
 */
export async function oncePerRun(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const made = join(inject('runFolder'), name.replaceAll(/[^\w.-]+/g, '-'))
  const making = `${made}.making`
  while (!existsSync(made)) {
    if (!(await begins(making))) {
      await sleep(50)
      continue
    }
    try {
      // Another one may have come to its end just before.
      if (existsSync(made)) await rm(making, { recursive: true })
      else {
        await make(making)
        await rename(making, made)
      }
    } catch (error) {
      await rm(making, { recursive: true, force: true })
      throw error
    }
  }
  return made
}

/** Of several processes that try at once one alone can make a folder. */
async function begins(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
