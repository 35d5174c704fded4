import { test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

/** What one action reads, another's code may settle. */
inBothModes((shop) => {
  test('a reader that another click cancels', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let reader: ReadableStreamDefaultReader | undefined
      on('<button>Start</button>', 'click', async () => {
        reader = (await waybill.fetch('/api/start/a?trickle=9000')).body?.getReader()
        while (!(await reader?.read())?.done);
        await waybill.fetch('/api/start/b')
      })
      on('<button>Stop</button>', 'click', async () => {
        void reader?.cancel()
        for (let i = 0; i < 4; i++) await Promise.resolve()
        await waybill.fetch('/api/stop/a')
        await waybill.fetch('/api/stop/b')
      })
    })
    await shop.page.click('text=Start')
    await shop.references(1)
    await shop.page.evaluate(() => window.shop.sleep(200))
    await shop.page.click('text=Stop')
    await shop.references(4)
  })

  test('a pipe whose sink another click lets close', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let finish = (): void => {}
      on('<button>Save</button>', 'click', async () => {
        const { body } = await waybill.fetch('/api/save/a')
        await body?.pipeTo(new WritableStream({ close: () => new Promise<void>((go) => (finish = go)) }))
        await waybill.fetch('/api/save/b')
      })
      on('<button>Confirm</button>', 'click', async () => {
        finish()
        for (let i = 0; i < 12; i++) await Promise.resolve()
        await waybill.fetch('/api/confirm/a')
        await waybill.fetch('/api/confirm/b')
      })
    })
    await shop.page.click('text=Save')
    await shop.references(1)
    await shop.page.evaluate(() => window.shop.sleep(200))
    await shop.page.click('text=Confirm')
    await shop.references(4)
  })

  test('a transform that another click feeds', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let feed: TransformStreamDefaultController | undefined
      on('<button>Read</button>', 'click', async () => {
        const { body } = await waybill.fetch('/api/read/a')
        const gate = new TransformStream({
          start: (controller) => void (feed = controller),
          transform() {},
          flush: () => new Promise(() => {}),
        })
        await body?.pipeThrough(gate).getReader().read()
        await waybill.fetch('/api/read/b')
      })
      on('<button>Feed</button>', 'click', async () => {
        feed?.enqueue('x')
        for (let i = 0; i < 12; i++) await Promise.resolve()
        await waybill.fetch('/api/feed/a')
        await waybill.fetch('/api/feed/b')
      })
    })
    await shop.page.click('text=Read')
    await shop.references(1)
    await shop.page.evaluate(() => window.shop.sleep(200))
    await shop.page.click('text=Feed')
    await shop.references(4)
  })

  test('a poller that waits for the same body’s end, by `closed` and by a clone’s stream', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, sleep } = window.shop
      const readers: ReadableStreamDefaultReader[] = []
      on('<button>Pay</button>', 'click', async () => {
        const response = await waybill.fetch('/api/pay/a?trickle=300')
        // The platform's own, which nothing follows.
        const copy = Response.prototype.clone.call(response).body?.getReader()
        const reader = response.body?.getReader()
        if (reader && copy) readers.push(reader, copy)
        while (!(await reader?.read())?.done);
        await waybill.fetch('/api/pay/b')
      })
      void (async () => {
        while (!readers[0]) await sleep(1)
        await readers[0].closed
        for (let i = 0; i < 3; i++) await Promise.resolve()
        await waybill.fetch('/api/closed/lost')
      })()
      void (async () => {
        while (!readers[1]) await sleep(1)
        while (!(await readers[1].read()).done) await Promise.resolve()
        for (let i = 0; i < 3; i++) await Promise.resolve()
        await waybill.fetch('/api/cloned/lost')
      })()
    })
    await shop.page.click('text=Pay')
    await shop.references(4)
  })

  test('a stand-in for fetch, bound or a proxy, that answers in another click', async () => {
    await shop.page.evaluate(() => {
      const { createWaybill, on } = window.shop
      const answers: ((response: Response) => void)[] = []
      const native = window.fetch.bind(window)
      const queueing: typeof fetch = (input, init) =>
        new Request(input).url.endsWith('/held') ? new Promise((go) => answers.push(go)) : native(input, init)
      for (const [name, fetch] of Object.entries({
        bound: queueing.bind(window),
        proxied: new Proxy(native, { apply: (_, __, args: [RequestInfo]) => queueing(...args) }),
      })) {
        window.fetch = fetch
        const waybill = createWaybill({ service: 'shop-web' })
        on(`<button>Pay ${name}</button>`, 'click', async () => {
          void waybill.fetch(`/api/pay-${name}/a`)
          await waybill.fetch('/held')
          await waybill.fetch(`/api/pay-${name}/b`)
        })
        on(`<button>Answer ${name}</button>`, 'click', async () => {
          for (const answer of answers.splice(0)) answer(new Response('{}'))
          for (let i = 0; i < 4; i++) await Promise.resolve()
          await waybill.fetch(`/api/answer-${name}/a`)
          await waybill.fetch(`/api/answer-${name}/b`)
        })
      }
    })
    for (const [at, name] of ['bound', 'proxied'].entries()) {
      await shop.page.click(`text=Pay ${name}`)
      await shop.references(4 * at + 1)
      await shop.page.click(`text=Answer ${name}`)
      await shop.references(4 * at + 4)
    }
  })

  test('an answer that comes while another click waits for a synchronous request', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>A</button>', 'click', async () => {
        await waybill.fetch('/api/a/1?wait=400')
        await waybill.fetch('/api/a/2')
      })
      on('<button>B</button>', 'click', async () => {
        const request = new XMLHttpRequest()
        request.open('GET', '/api/?wait=900', false)
        request.send()
        for (let i = 0; i < 8; i++) await Promise.resolve()
        await waybill.fetch('/api/b/3')
        await waybill.fetch('/api/b/4')
      })
      on('<button>C</button>', 'click', () => {
        void waybill.fetch('/api/c/1?wait=400').then(() => waybill.fetch('/api/c/2'))
        setTimeout(() => {
          const request = new XMLHttpRequest()
          request.open('GET', '/api/?wait=900', false)
          request.send()
          void waybill.fetch('/api/timer-now/lost')
          void Promise.resolve().then(() => waybill.fetch('/api/timer-then/lost'))
        })
      })
    })
    await shop.page.click('text=A')
    await shop.page.click('text=B')
    await shop.references(5)
    await shop.page.click('text=C')
    await shop.references(10)
  })

  test('bodies read by a branch, into a buffer of the page’s own, and with another class in place of Promise', async () => {
    // Safari has no readers into buffers.
    const ways = shop.name === 'webkit' ? ['Tee', 'Zone'] : ['Tee', 'Buffer', 'Zone']
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const plain = window.Promise
      on('<button>Tee</button>', 'click', async () => {
        const reader = (await waybill.fetch('/api/tee/a')).body?.tee()[1].getReader()
        while (!(await reader?.read())?.done);
        await waybill.fetch('/api/tee/b')
      })
      on('<button>Buffer</button>', 'click', async () => {
        const reader = (await waybill.fetch('/api/buffer/a')).body?.getReader({ mode: 'byob' })
        while (!(await reader?.read(new Uint8Array(100)))?.done);
        await waybill.fetch('/api/buffer/b')
      })
      on('<button>Zone</button>', 'click', async () => {
        window.Promise = class extends plain<never> {} as PromiseConstructor
        const response = await waybill.fetch('/api/zone/a')
        await response.json()
        window.Promise = plain
        await waybill.fetch('/api/zone/b')
      })
    })
    for (const [at, text] of ways.entries()) {
      await shop.page.click(`text=${text}`)
      await shop.references(2 * at + 2)
    }
  })
})
