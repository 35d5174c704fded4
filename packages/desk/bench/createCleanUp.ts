/** What a bench made goes when it ends, also when somebody ends it with Ctrl-C or `kill`, or it fails. */
export function createCleanUp(): CleanUp {
  const removals = new Set<() => unknown>()
  let underWay: Promise<void> | undefined

  async function run(): Promise<void> {
    // The last made uses what was made before it.
    for (const remove of [...removals].toReversed()) {
      removals.delete(remove)
      try {
        await remove()
      } catch (error) {
        console.error(error)
        process.exitCode = 1
      }
    }
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      console.error(`\nEnded by ${signal}; what was made is being removed.`)
      void (underWay ??= run()).then(() => process.exit(code))
    })

  // Otherwise what nobody awaited would leave gigabytes behind.
  process.once('uncaughtException', (error) => {
    console.error(error)
    void (underWay ??= run()).then(() => process.exit(1))
  })

  return {
    add(remove) {
      removals.add(remove)
      return async () => {
        if (removals.delete(remove)) await remove()
      }
    },
    run: () => (underWay ??= run()),
  }
}

export interface CleanUp {
  /** Gives what removes it earlier. */
  add(remove: () => unknown): () => Promise<void>
  run(): Promise<void>
}
