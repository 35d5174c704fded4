import { afterAll } from 'vitest'
import { describeStore } from '../../../fixtures/describeStore.ts'
import { openSchemas } from '../../../fixtures/openSchemas.ts'
import { createPostgresStore } from './createPostgresStore.ts'

const schemas = await openSchemas()
afterAll(() => schemas?.close())

if (schemas)
  describeStore('a PostgreSQL store', async () => {
    const place = await schemas.make()
    return {
      open: async (options) => {
        const store = createPostgresStore({ url: new URL(place.address), hashSecret: place.hashSecret, ...options })
        await store.opened
        return store
      },
      remove: place.remove,
    }
  })
