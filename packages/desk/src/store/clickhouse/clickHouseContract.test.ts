import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { describeStore } from '../../../fixtures/describeStore.ts'
import { startClickHouse } from '../../../fixtures/startClickHouse.ts'
import { createClickHouseStore } from './createClickHouseStore.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

if (clickHouse)
  describeStore('a ClickHouse store', async () => {
    const { address, remove } = await clickHouse.makeDatabase()
    const hashSecret = randomBytes(32).toString('base64')
    return {
      open: async (options) => {
        const store = createClickHouseStore({ url: new URL(address), hashSecret, pauseMs: 0, ...options })
        await store.opened
        return store
      },
      remove,
    }
  })
