import { connect } from 'node:net'

/**
 * Asks a server over `connections` that are kept, each one request at a time: as fast as it answers, or `perSecond` as long as it keeps up. By raw
 * sockets, because a client of more comfort takes longer than the server.
 */
export async function sendLoad(port: number, { ms, perSecond, connections = 32 }: LoadOptions): Promise<Load> {
  const begun = performance.now()
  const latencies: number[] = []
  const idle: (() => void)[] = []
  let asked = 0
  let isOver = false
  const isDue = (): boolean => !perSecond || asked < ((performance.now() - begun) / 1000) * perSecond
  // Waking a process that sleeps is paid for by the one that writes to it. So this one never sleeps, whichever server it asks.
  const poll = (): void => {
    if (isOver) return
    while (idle.length > 0 && isDue()) idle.pop()?.()
    setImmediate(poll)
  }
  poll()

  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
      let received = ''
      let askedAt = 0
      const ask = (): void => {
        asked++
        askedAt = performance.now()
        socket.write(REQUEST)
      }
      const next = (): void => {
        if (performance.now() - begun >= ms) return resolve(void socket.end())
        if (isDue()) ask()
        else idle.push(next)
      }
      socket.on('connect', next).on('error', reject)
      socket.on('data', (chunk: unknown) => {
        received += String(chunk)
        const end = received.indexOf('\r\n\r\n')
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1])
        if (end < 0 || received.length < end + 4 + length) return
        if (!received.startsWith('HTTP/1.1 200')) return reject(new Error(received.slice(0, 200)))
        received = ''
        latencies.push(performance.now() - askedAt)
        next()
      })
    })
  // Those that are idle at the end would wait for ever.
  const ending = setTimeout(() => idle.splice(0).forEach((next) => next()), ms + 1)
  await Promise.all(Array.from({ length: connections }, serve))
  clearTimeout(ending)
  isOver = true
  latencies.sort((a, b) => a - b)
  return {
    requests: latencies.length,
    perSecond: latencies.length / ((performance.now() - begun) / 1000),
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  }
}

export interface LoadOptions {
  readonly ms: number
  /** @default as many as are answered */
  readonly perSecond?: number | undefined
  /** @default 32 */
  readonly connections?: number | undefined
}

export interface Load {
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const REQUEST =
  'GET /hello/world HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n'
