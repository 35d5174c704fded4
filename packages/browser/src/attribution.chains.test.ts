import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

inBothModes((shop) => {
  test('a chain of calls after a click is one action', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Pay</button>', 'click', async () => {
        const response = await waybill.fetch('/api/pay/a')
        const deep = async (): Promise<unknown> => (await waybill.fetch('/api/pay/b')).json()
        await response.json()
        await deep()
        await Promise.all([waybill.fetch('/api/pay/c'), waybill.fetch('/api/pay/d').then((each) => each.text())])
        const reader = (await waybill.fetch('/api/pay/e')).body?.getReader()
        while (!(await reader?.read())?.done);
        await waybill.fetch('/api/pay/f')
      })
    })
    await shop.page.click('text=Pay')
    const seen = Object.values(await shop.references(6)).flat()
    expect(new Set(seen).size).toBe(1)
    const headers = shop.site.calls.map(({ headers }) => String(headers['traceparent']).split('-'))
    expect(new Set(headers.map(([, traceId]) => traceId)).size).toBe(1)
    expect(new Set(headers.map(([, , spanId]) => spanId)).size).toBe(6)
  })

  test('what is chained by then, catch and finally is one action, and so is what follows several promises together', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const call = (what: string): Promise<Response> => waybill.fetch(`/api/pay/${what}`)
      on('<button>Pay</button>', 'click', () => {
        void call('a')
          .then((response) => response.json())
          .then(() => Promise.race([call('b'), new Promise(() => {})]))
          .then(() => Promise.allSettled([call('c'), call('d'), call('e?break')]))
          .then(() => Promise.any([call('f?break'), call('g')]))
          .then(() => call('h?break'))
          .catch(() => call('i'))
          .finally(() => call('j'))
          .then(() => call('k'))
      })
    })
    await shop.page.click('text=Pay')
    await expect.poll(() => shop.site.calls.at(-1)?.path, { timeout: 10_000 }).toBe('/api/pay/k')
    // A browser may send a request again whose connection broke, so there is no telling how many there are.
    await shop.references(shop.site.calls.length)
  })

  test('deep helpers, async generators and callbacks of the chain stay in the action', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const call = async (what: string): Promise<unknown> => {
        const response = await waybill.fetch(`/api/pay/${what}`)
        return response.json()
      }
      const deep = async (depth: number): Promise<unknown> => (depth === 0 ? call('deep') : deep(depth - 1))
      async function* pages(): AsyncGenerator<unknown, void> {
        for (const each of ['p1', 'p2', 'p3']) yield await call(each)
      }
      on('<button>Pay</button>', 'click', async () => {
        await deep(8)
        for await (const page of pages()) await call(page ? 'item' : 'none')
        await [1, 2].reduce<Promise<unknown>>((before, at) => before.then(() => call(`step${at}`)), Promise.resolve())
        await new Promise<void>((done) => void waybill.fetch('/api/pay/callback').finally(done))
        await call('last')
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(11)
  })

  test('what runs in microtasks of the chain is the action’s: a storm of them, queueMicrotask and mutation observers', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const main = document.querySelector('main')
      new MutationObserver((changes) => {
        if (changes.some(({ addedNodes }) => [...addedNodes].some(({ nodeName }) => nodeName === 'B')))
          void waybill.fetch('/api/pay/observed')
      }).observe(document, { childList: true, subtree: true })
      on('<button>Pay</button>', 'click', async () => {
        await waybill.fetch('/api/pay/a')
        for (let i = 0; i < 40; i++) await Promise.resolve()
        queueMicrotask(() => queueMicrotask(() => void waybill.fetch('/api/pay/queued')))
        main?.append(document.createElement('b'))
        await waybill.fetch('/api/pay/b')
      })
      on('<button>Storm</button>', 'click', async () => {
        for (let i = 0; i < 500; i++) await Promise.resolve()
        await waybill.fetch('/api/storm/a')
        await Promise.all(Array.from({ length: 20 }, (_, at) => waybill.fetch(`/api/storm/${at}`)))
        await waybill.fetch('/api/storm/b')
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(4)
    await shop.page.click('text=Storm')
    await shop.references(26)
  })

  test('however a body is read, what follows is still the action’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const call = (what: string): Promise<Response> => waybill.fetch(`/api/pay/${what}`)
      on('<button>Pay</button>', 'click', async () => {
        await (await call('text')).text()
        await (await call('blob')).blob()
        await (await call('buffer')).arrayBuffer()
        await (await call('form')).formData().catch(() => {})
        await (await call('clone')).clone().json()
        const { body } = await call('iterator')
        // Not in Safari yet.
        if (body && Symbol.asyncIterator in body) for await (const _ of body as AsyncIterable<unknown>);
        await call('last')
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(7)
  })

  test('a poller that reads a clone of a click’s cached response does not go on as the click', async () => {
    await shop.page.evaluate(() => {
      const { on, sleep, waybill } = window.shop
      const cache = new Map<string, Response>()
      on('<button>Pay</button>', 'click', async () => {
        const response = await waybill.fetch('/api/pay/a')
        cache.set('a', response)
        await response.clone().json()
        await waybill.fetch('/api/pay/b')
      })
      void (async () => {
        while (!cache.has('a')) await sleep(5)
        await cache.get('a')?.clone().json()
        await waybill.fetch('/api/poll/lost')
      })()
    })
    await shop.page.click('text=Pay')
    await shop.references(3)
  })

  test('a repeated call of one action is its next attempt', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Pay</button>', 'click', async () => {
        while (!(await waybill.fetch('/api/pay/a?failures=2')).ok);
        await waybill.fetch('/api/pay/b')
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(4)
    expect(shop.site.calls.map(({ headers }) => headers['trace-attempt'])).toEqual(['1', '2', '3', '1'])
  })

  test('ky’s retries, which come from a timer, keep their action with its hooks, and so does what follows', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, ky, kyHooks } = window.shop
      const retry = { limit: 2, delay: () => 10 }
      const api = ky.create({ fetch: waybill.fetch, hooks: kyHooks(waybill), retry })
      for (const name of ['left', 'right']) {
        on(`<button>${name}</button>`, 'click', async () => {
          await api.get(`/api/${name}/a?failures=2`).json()
          await api.get(`/api/${name}/b`).json()
        })
      }
    })
    await shop.page.click('text=left')
    await shop.page.click('text=right')
    const { 'left/a': left, 'right/a': right } = await shop.references(8)
    expect(left).not.toEqual(right)
    const attempts = shop.site.calls.filter(({ path }) => path === '/api/left/a')
    expect(attempts.map(({ headers }) => headers['trace-attempt'])).toEqual(['1', '2', '3'])
  })

  test('“Try again”, in a click of its own, keeps the reference and counts on', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const action = waybill.begin('Pay')
      const pay = async (): Promise<void> => {
        await waybill.fetch('/api/pay/a')
        await waybill.fetch('/api/pay/b')
      }
      on('<button>Pay</button>', 'click', () => void action.run(pay))
      on('<button>Again</button>', 'click', async () => {
        action.retry()
        await pay()
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(2)
    await shop.page.click('text=Again')
    await shop.references(4)
    expect(shop.site.calls.map(({ headers }) => headers['trace-attempt'])).toEqual(['1', '1', '2', '2'])
  })
})
