import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

inBothModes((shop) => {
  test('two actions that overlap never share a reference, however their answers arrive', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      for (const name of ['left', 'right']) {
        on(`<button>${name}</button>`, 'click', async () => {
          for (let i = 0; i < 12; i++) {
            const response = await waybill.fetch(`/api/${name}/${i}?wait=${10 + ((i * 7) % 13)}`)
            await response.json()
          }
        })
      }
    })
    await shop.page.click('text=left')
    await shop.page.click('text=right')
    const { 'left/0': left, 'right/0': right } = await shop.references(24)
    expect(left).not.toEqual(right)
  })

  test('five actions, answered in each of the 120 orders, in one task or in five, keep to themselves', async () => {
    await shop.page.evaluate(() => {
      const { createWaybill, on } = window.shop
      const answers = new Map<string, () => void>()
      const seen: [action: string, reference: string | null][] = []
      const waybill = createWaybill({
        service: 'orders',
        fetch: (input, init) => {
          const [, action = '', what = ''] = new Request(input).url.replace(location.origin, '').split('/')
          seen.push([action, new Headers(init?.headers).get('trace-reference')])
          const respond = (): Response => new Response('{}')
          if (what === 'second') return Promise.resolve(respond())
          return new Promise((answer) => answers.set(`${action} ${what}`, () => answer(respond())))
        },
      })
      for (const action of ['a', 'b', 'c', 'd', 'e']) {
        on(`<button>${action}</button>`, 'click', () => {
          for (let order = 0; order < 120; order++) {
            void waybill
              .fetch(`/${action}/${order}`)
              .then((response) => response.json())
              .then(() => waybill.fetch(`/${action}/second`))
          }
        })
      }
      Object.assign(window, { answers, seen })
    })
    for (const action of ['a', 'b', 'c', 'd', 'e']) await shop.page.click(`text=${action}`)
    const seen = await shop.page.evaluate(async () => {
      const answers: Map<string, () => void> = Reflect.get(window, 'answers')
      const seen: [string, string | null][] = Reflect.get(window, 'seen')
      const orders = (left: readonly string[]): string[][] =>
        left.length === 0
          ? [[]]
          : left.flatMap((first) => orders(left.filter((each) => each !== first)).map((rest) => [first, ...rest]))
      const done = orders(['a', 'b', 'c', 'd', 'e']).map(async (order, at) => {
        for (const action of order) {
          answers.get(`${action} ${at}`)?.()
          if (at % 2) await window.shop.sleep(0)
        }
      })
      await Promise.all(done)
      while (seen.length < 1200) await window.shop.sleep(5)
      return seen
    })
    const references = new Map<string, Set<string | null>>()
    for (const [action, reference] of seen) {
      references.set(action, (references.get(action) ?? new Set()).add(reference))
    }
    expect([...references.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1])
    expect(new Set(seen.map(([, reference]) => reference)).size).toBe(5)
  })

  test('continuations that become due in one task keep to their own action, however long each takes', async () => {
    await shop.page.evaluate(async () => {
      const { createWaybill } = window.shop
      // Answers all calls at the same moment, as a service worker or a cache may.
      let release = (): void => {}
      const open = new Promise<void>((go) => (release = go))
      let held = 0
      const together = createWaybill({
        service: 'shop-web',
        fetch: async (input, init) => {
          if (typeof input !== 'string' || !input.includes('first')) return fetch(input, init)
          if (++held === 5) release()
          await open
          return new Response('{}')
        },
      })
      const one = async (name: string): Promise<void> => {
        const response = await together.fetch(`/api/first-${name}`)
        await response.json()
        for (let i = 0; i < 5; i++) await Promise.resolve()
        await together.fetch(`/api/${name}/a`)
        await together.fetch(`/api/${name}/b`)
        for (let i = 0; i < 80; i++) await Promise.resolve()
        await together.fetch(`/api/${name}/storm`)
      }
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => together.run(name, () => one(name))))
    })
    const seen = await shop.references(15)
    expect(new Set(['a', 'b', 'c', 'd', 'e'].map((name) => seen[`${name}/a`]?.[0])).size).toBe(5)
  })

  test('a storm of microtasks does not reach into the next action’s continuation', async () => {
    await shop.page.evaluate(async () => {
      const { createWaybill } = window.shop
      const answers: (() => void)[] = []
      const waybill = createWaybill({
        service: 'shop-web',
        fetch: (input, init) =>
          new Request(input).url.endsWith('/held')
            ? new Promise((answer) => answers.push(() => answer(new Response('{}'))))
            : fetch(input, init),
      })
      const chain = async (name: string, microtasks: number): Promise<void> => {
        await waybill.fetch('/held')
        for (let i = 0; i < microtasks; i++) await Promise.resolve()
        await waybill.fetch(`/api/${name}/a`)
        await waybill.fetch(`/api/${name}/b`)
      }
      const chains = [1, 2, 3].flatMap((at) => [
        waybill.run(`long${at}`, () => chain(`long${at}`, 80)),
        waybill.run(`short${at}`, () => chain(`short${at}`, 2)),
      ])
      for (const answer of answers) answer()
      await Promise.all(chains)
    })
    await shop.references(12)
  })

  test('a poller beside an action stays nobody’s, each call with a reference of its own, marked background', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, sleep } = window.shop
      void (async () => {
        for (let i = 0; i < 30; i++) {
          await waybill.fetch(`/api/poll-${i}/lost`)
          await sleep(3)
        }
      })()
      on('<button>Pay</button>', 'click', async () => {
        for (let i = 0; i < 20; i++) await (await waybill.fetch(`/api/pay/${i}?wait=2`)).json()
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(50)
    expect((await shop.actions()).filter(({ background }) => background)).toHaveLength(30)
  })

  test('a poller begun inside a click is nobody’s from its first tick on, beside further clicks', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let clicks = 0
      let ticks = 0
      on('<button>Pay</button>', 'click', async () => {
        const at = clicks++
        if (at === 0) {
          const timer = setInterval(async () => {
            const tick = ticks++
            if (tick === 19) clearInterval(timer)
            await (await waybill.fetch(`/api/poll-${tick}/lost-a`)).json()
            await waybill.fetch(`/api/poll-${tick}/lost-b`)
          }, 4)
        }
        for (let i = 0; i < 5; i++) await (await waybill.fetch(`/api/pay-${at}/${i}?wait=5`)).json()
      })
    })
    for (let i = 0; i < 3; i++) await shop.page.click('text=Pay')
    const seen = await shop.references(55)
    for (let tick = 0; tick < 20; tick++) expect(seen[`poll-${tick}/lost-a`]).toEqual(seen[`poll-${tick}/lost-b`])
  })

  test('code behind a timer is nobody’s rather than the latest click’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Pay</button>', 'click', async () => {
        await waybill.fetch('/api/pay/a')
        setTimeout(() => void waybill.fetch('/api/pay/lost'), 5)
      })
    })
    await shop.page.click('text=Pay')
    const { 'pay/a': a, 'pay/lost': late } = await shop.references(2)
    expect(late).not.toEqual(a)
  })

  test.each(['no reason', 'a TypeError', 'a TimeoutError', 'a text'])(
    'an abort by another action’s click, for %s, mixes up neither',
    async (reason) => {
      await shop.page.evaluate((reason) => {
        const { on, waybill } = window.shop
        const controller = new AbortController()
        const reasons: Record<string, unknown> = {
          'a TypeError': new TypeError('superseded'),
          'a TimeoutError': new DOMException('too slow', 'TimeoutError'),
          'a text': 'superseded',
        }
        const { signal } = controller
        on('<button>Start</button>', 'click', async () => {
          await waybill.fetch('/api/start/slow?wait=3000', { signal }).catch(() => {})
          await waybill.fetch('/api/start/after')
        })
        on('<button>Cancel</button>', 'click', async () => {
          void waybill.fetch('/api/cancel/a')
          controller.abort(reasons[reason])
          for (let i = 0; i < 4; i++) await Promise.resolve()
          await waybill.fetch('/api/cancel/b')
        })
      }, reason)
      await shop.page.click('text=Start')
      await shop.references(1)
      await shop.page.click('text=Cancel')
      const { 'start/after': after, 'cancel/b': cancel } = await shop.references(4)
      expect(after).not.toEqual(cancel)
    },
  )

  test('a call that another action’s click answers, as a mock or an offline queue does, mixes up neither', async () => {
    await shop.page.evaluate(() => {
      const { createWaybill, on } = window.shop
      const answers: ((response: Response) => void)[] = []
      const waybill = createWaybill({
        service: 'shop-web',
        fetch: (input, init) =>
          new Request(input).url.endsWith('/held') ? new Promise((answer) => answers.push(answer)) : fetch(input, init),
      })
      on('<button>Pay</button>', 'click', async () => {
        void waybill.fetch('/api/pay/a')
        await waybill.fetch('/held')
        await waybill.fetch('/api/pay/b')
      })
      on('<button>Online</button>', 'click', async () => {
        for (const answer of answers) answer(new Response('{}'))
        for (let i = 0; i < 4; i++) await Promise.resolve()
        await waybill.fetch('/api/online/a')
        await waybill.fetch('/api/online/b')
      })
    })
    await shop.page.click('text=Pay')
    await expect.poll(() => shop.site.calls.length, { timeout: 10_000 }).toBe(1)
    await shop.page.click('text=Online')
    await shop.references(4)
  })

  test('two jobs of one task keep apart, though the one’s call is refused at once', async () => {
    await shop.page.evaluate(() => {
      const { waybill, sleep } = window.shop
      const first = async (): Promise<void> => {
        await waybill.fetch('/api/first/refused', { method: 'TRACE' }).catch(() => {})
        await waybill.fetch('/api/first/a')
      }
      const second = async (): Promise<void> => {
        for (let i = 0; i < 5; i++) await Promise.resolve()
        await waybill.fetch('/api/second/lost')
      }
      void sleep(5).then(() => void [first(), second()])
    })
    await shop.references(2)
  })
})
