import { connect } from 'node:net'

/** Keeps `connections` requests in flight until `ms` are over; gives how many were answered. */
export async function sendLoad(port: number, { ms, connections = 32 }: LoadOptions): Promise<number> {
  const until = performance.now() + ms
  let done = false
  const poll = (): void => void (done || setImmediate(poll))
  poll()
  const all = await Promise.all(Array.from({ length: connections }, () => onConnection(port, until)))
  done = true
  return all.reduce((sum, each) => sum + each, 0)
}

interface LoadOptions {
  readonly ms: number
  readonly connections?: number
}

function onConnection(port: number, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0
    let received = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const ask = (): void => void socket.write(REQUEST)
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('data', (chunk: string) => {
      received += chunk
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1])
      if (received.length < end + 4 + length) return
      if (!received.startsWith('HTTP/1.1 200')) return reject(new Error(received.slice(0, 300)))
      received = ''
      answered++
      if (performance.now() < until) return ask()
      socket.end()
      resolve(answered)
    })
  })
}

const REQUEST =
  'GET /hello/world HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n'
