import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Load, Sent } from './sendBodies.ts'

/** A process that sends bodies of steps to a desk; it has made its first ones when this resolves. */
export async function startSender(load: Load): Promise<Sender> {
  const child = fork(join(import.meta.dirname, 'sendBodies.ts'), [JSON.stringify(load)], {
    execArgv: ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning'],
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The process that sends ended with ${code}.`)
  })
  failed.catch(() => {})
  const said = async (): Promise<unknown> => ((await Promise.race([once(child, 'message'), failed])) as unknown[])[0]
  await said()
  return {
    async send() {
      child.send('go')
      return (await said()) as Sent
    },
  }
}

export interface Sender {
  /** Resolves when everything is sent. */
  send(): Promise<Sent>
}
