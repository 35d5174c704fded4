import * as z from 'zod/mini'

/** A cart put by, with what it cost then. */
export type SavedCart = z.infer<typeof savedCart>

const savedCart = z.object({ cart: z.record(z.string(), z.number()), totalCents: z.number() })
const STORE = 'carts'

/** Keeps a customer's cart on the device, in place of the one before. */
export async function putBy(customerId: string, kept: SavedCart): Promise<void> {
  await inStore('readwrite', (store) => store.put(kept, customerId))
}

/** The customer's, if one was put by. */
export async function savedCartOf(customerId: string): Promise<SavedCart | undefined> {
  const { data } = savedCart.safeParse(await inStore('readonly', (store) => store.get(customerId)))
  return data
}

async function inStore(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open('deckle', 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
  const database = await answerOf(opening)
  try {
    return await answerOf(act(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB gave no answer.')))
  })
}
