// A real desk, for a process of its own; see `measureDesk`.
import { startDesk } from '@waybill/desk'

const [databaseFile = '', key = ''] = process.argv.slice(2)
const desk = await startDesk({ database: databaseFile, port: 0, readToken: 'token-for-reading', ingestKeys: [key] })
process.on('message', async () => {
  await desk.stop()
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicroseconds: user + system })
})
process.on('disconnect', () => process.exit())
process.send?.({ url: desk.url })
