import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

/** Nothing of ours is in these promises, so what follows them is nobody's: the README's list. */
const LOSING = [
  'timer',
  'animation frame',
  'idle callback',
  'message',
  'broadcast',
  'IndexedDB',
  'cache storage',
  'lock',
  'blob',
  'file reader',
  'plain fetch',
  'XMLHttpRequest',
]

/** These come back within microtasks of the action’s own, or from a stream of its own. */
const KEEPING = [
  'resolved promise',
  'microtask',
  'thenable',
  'async iterator',
  'rejection',
  'all of several',
  'piped body',
]

inBothModes((shop) => {
  test('after a foreign await a call is the action’s if carried, else nobody’s and background, and with the handle it is exact', async () => {
    await shop.page.evaluate(
      ({ losing, keeping }) => {
        const { on, waybill } = window.shop
        const event = (target: EventTarget, type: string): Promise<unknown> =>
          new Promise((done) => target.addEventListener(type, done, { once: true }))
        const awaits: Record<string, (who: string) => unknown> = {
          timer: () => window.shop.sleep(5),
          'animation frame': () => new Promise(requestAnimationFrame),
          'idle callback': () => new Promise((done) => void (window.requestIdleCallback ?? setTimeout)(done)),
          message() {
            const { port1, port2 } = new MessageChannel()
            port2.postMessage(1)
            port1.start()
            return event(port1, 'message')
          },
          broadcast() {
            const [from, to] = [new BroadcastChannel('shop'), new BroadcastChannel('shop')]
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel, not a window
            from.postMessage(1)
            return event(to, 'message')
          },
          IndexedDB: () => event(indexedDB.open('shop'), 'success'),
          'cache storage': () => caches.open('shop'),
          lock: () => navigator.locks.request('shop', () => {}),
          blob: () => new Blob(['text']).text(),
          'file reader'() {
            const reader = new FileReader()
            reader.readAsText(new Blob(['text']))
            return event(reader, 'load')
          },
          'plain fetch': () => fetch('/'),
          XMLHttpRequest() {
            const request = new XMLHttpRequest()
            request.open('GET', '/')
            request.send()
            return event(request, 'load')
          },
          async 'piped body'(who) {
            const { body } = await waybill.fetch(`/api/${who}/piped?wait=5`)
            const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
            while (!(await reader?.read())?.done);
          },
          'resolved promise': () => Promise.resolve(),
          microtask: () => new Promise<void>((done) => queueMicrotask(done)),
          // oxlint-disable-next-line unicorn/no-thenable -- a foreign thenable is the case
          thenable: () => Object.fromEntries([['then', (done: () => void) => done()]]),
          async 'async iterator'() {
            async function* each(): AsyncGenerator<number> {
              yield 1
            }
            for await (const one of each()) void one
          },
          rejection: () => Promise.reject(new Error('refused')).catch(() => {}),
          'all of several': () => Promise.all([Promise.resolve(), (async () => {})()]),
        }
        const path = (name: string, what: string): string => `/api/click/${what}-${name.replaceAll(' ', '-')}`
        const tryOne = async (name: string, what: string): Promise<void> => {
          await waybill.fetch('/api/click/before?wait=5')
          await awaits[name]?.('click')
          await waybill.fetch(path(name, what))
        }
        on('<button>Drop-in</button>', 'click', () => {
          for (const name of losing) void tryOne(name, 'carried')
          for (const name of keeping) void tryOne(name, 'kept')
        })
        on('<button>Handle</button>', 'click', () => {
          for (const name of losing) {
            const action = waybill.begin(name)
            void (async () => {
              await action.fetch(`/api/${action.reference}/before`)
              await awaits[name]?.(action.reference)
              await action.fetch(`/api/${action.reference}/after`)
            })()
          }
        })
        // Others' continuations, for what is nobody's to get into.
        on('<button>Other</button>', 'click', async () => {
          while (!('done' in window)) await (await waybill.fetch('/api/other/chain')).json()
        })
        Object.assign(window, { running: true })
      },
      { losing: LOSING, keeping: KEEPING },
    )
    const mine = (): string[] => shop.site.calls.map(({ path }) => path).filter((path) => !path.includes('/other/'))
    await shop.page.click('text=Other')
    await shop.page.click('text=Drop-in')
    const dropIn = 2 * (LOSING.length + KEEPING.length) + 1
    await expect.poll(() => mine().length, { timeout: 10_000 }).toBe(dropIn)
    await shop.page.click('text=Handle')
    await expect.poll(() => mine().length, { timeout: 10_000 }).toBe(dropIn + 2 * LOSING.length)
    await shop.page.evaluate(() => void Object.assign(window, { done: true }))
    await shop.references(shop.site.calls.length)
  })

  test('code that waits for a promise which another action settles goes on as that action, carried as its own; handles are exact', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let confirm = (): void => {}
      let shared: Promise<unknown> | undefined
      const load = (): Promise<unknown> => (shared ??= (async () => (await waybill.fetch('/api/share?hold')).json())())
      on('<button>Delete</button>', 'click', async () => {
        const action = waybill.begin('Delete')
        await new Promise<void>((done) => (confirm = done))
        void waybill.fetch('/api/drop-in-delete')
        await action.fetch('/api/held-delete')
      })
      on('<button>Confirm</button>', 'click', () => {
        void waybill.fetch('/api/confirm')
        confirm()
      })
      on('<button>Share</button>', 'click', load)
      on('<button>Shared</button>', 'click', async () => {
        const action = waybill.begin('Shared')
        await load()
        void waybill.fetch('/api/drop-in-shared')
        await action.fetch('/api/held-shared')
      })
    })
    await shop.page.click('text=Delete')
    await shop.page.click('text=Confirm')
    const { confirm, ...deleted } = await shop.references(3)
    const references = new Map((await shop.actions()).map(({ name, reference }) => [name, [reference]]))
    const isCarried = shop.mode === 'carried'
    expect(deleted['drop-in-delete']).toEqual(isCarried ? references.get('Delete') : confirm)
    expect(deleted['held-delete']).toEqual(references.get('Delete'))
    await shop.page.click('text="Share"')
    await shop.page.click('text=Shared')
    shop.site.release()
    const { share, ...waited } = await shop.references(6)
    const shared = new Map((await shop.actions()).map(({ name, reference }) => [name, [reference]]))
    expect(waited['drop-in-shared']).toEqual(isCarried ? shared.get('Shared') : share)
    expect(waited['held-shared']).toEqual(shared.get('Shared'))
  })
})
