/**
 * The child's half of the channel to the demo's main process: runs `start`, reports that it is ready (or what went wrong, in
 * words), and stops when the channel closes, because then the main process has ended or asks for it.
 */
export async function runAsChild(start: () => Promise<Started>): Promise<void> {
  // Ctrl-C in a terminal reaches the whole group; the main process decides the order of ending.
  process.on('SIGINT', () => undefined)
  try {
    const { stop, ...ready } = await start()
    process.once('disconnect', () => {
      setTimeout(() => process.exit(1), 4_000).unref()
      void stop().finally(() => process.exit(0))
    })
    if (process.connected) process.send?.(ready)
    else process.exit(0)
  } catch (error) {
    console.error(error)
    process.send?.({ problem: error instanceof Error ? error.message : String(error) }, () => process.exit(1))
  }
}

export interface Started {
  stop(): Promise<void>
  readonly [what: string]: unknown
}

/** An environment variable that the main process always sets. */
export function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined)
    throw new Error(`[waybill] ${name} is not set. Start the demo with npm start, which sets it.`)
  return value
}
