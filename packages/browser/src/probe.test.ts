import { expect, test } from 'vitest'
import { inEveryBrowser } from '../fixtures/inEveryBrowser.ts'
import { countCalls } from '../fixtures/countCalls.ts'

inEveryBrowser((shop) => {
  const report = async (n: number): Promise<void> => {
    try {
      await shop.references(n)
    } catch {
      /* */
    }
    const c = countCalls(shop.site.calls)
    const a = await shop.actions()
    console.log(
      shop.name,
      expect.getState().currentTestName,
      JSON.stringify(c),
      JSON.stringify(shop.site.calls.map(({ path, headers }) => path.slice(5) + ' ' + headers['trace-reference'])),
      JSON.stringify(a.map((x) => [x.reference, x.background, x.name])),
    )
  }
  test('K storm', async () => {
    await shop.page.evaluate(async () => {
      const { createWaybill } = window.shop
      let release = (): void => {}
      const open = new Promise<void>((go) => (release = go))
      let held = 0
      const together = createWaybill({
        service: 'shop-web',
        fetch: async (input, init) => {
          if (typeof input !== 'string' || !input.includes('first')) return fetch(input, init)
          if (++held === 2) release()
          await open
          return new Response('{}')
        },
      })
      const one = async (name: string, hops: number): Promise<void> => {
        await together.fetch(`/api/${name}/first`)
        for (let i = 0; i < hops; i++) await Promise.resolve()
        await together.fetch(`/api/${name}/lost`)
      }
      await Promise.all([together.run('a', () => one('a', 80)), together.run('b', () => one('b', 2))])
    })
    await report(2)
  })
  test('L abort with TypeError', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const c = new AbortController()
      on(
        '<button>A</button>',
        'click',
        () => void waybill.fetch('/api/a/1?wait=3000', { signal: c.signal }).catch(() => waybill.fetch('/api/a/lost2')),
      )
      on('<button>B</button>', 'click', async () => {
        void waybill.fetch('/api/b/1')
        c.abort(new TypeError('superseded'))
        await Promise.resolve()
        await Promise.resolve()
        await Promise.resolve()
        await Promise.resolve()
        await waybill.fetch('/api/b/2')
      })
    })
    await shop.page.click('text=A')
    await shop.references(1)
    await shop.page.click('text=B')
    await report(4)
  })
  test('L2 gate: B click answers A call', async () => {
    await shop.page.evaluate(() => {
      const { on, createWaybill } = window.shop
      let answer: (r: Response) => void = () => {}
      const w = createWaybill({
        service: 's',
        fetch: (i, o) =>
          String(i).includes('held')
            ? new Promise((r) => {
                answer = r
              })
            : fetch(i, o),
      })
      on('<button>A</button>', 'click', async () => {
        void w.fetch('/api/a/0')
        await w.fetch('/held')
        await w.fetch('/api/a/2')
      })
      on('<button>B</button>', 'click', async () => {
        answer(new Response('{}'))
        for (let i = 0; i < 4; i++) await Promise.resolve()
        await w.fetch('/api/b/1')
        await w.fetch('/api/b/2')
      })
    })
    await shop.page.click('text=A')
    await shop.references(1)
    await shop.page.click('text=B')
    await report(4)
  })
  test('P resume inside another click', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const a = waybill.begin('A')
      on('<button>B</button>', 'click', async () => {
        void a.resume(async () => {
          await null
          await waybill.fetch('/api/a/1')
        })
        await null
        await null
        await waybill.fetch('/api/b/1')
        await waybill.fetch('/api/b/2')
      })
    })
    await shop.page.click('text=B')
    await report(3)
  })
  test('P2 resume in a timer beside other code', async () => {
    await shop.page.evaluate(() => {
      const { waybill } = window.shop
      const a = waybill.begin('A')
      setTimeout(async () => {
        void a.resume(async () => {
          await null
          await waybill.fetch('/api/a/1')
        })
        await null
        await null
        await waybill.fetch('/api/poll/1')
      }, 5)
    })
    await report(2)
  })
  test('O sync run around unreturned async', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const a = waybill.begin('A')
      on('<button>B</button>', 'click', async () => {
        void waybill.fetch('/api/b/1')
        a.run(() => {
          void waybill.fetch('/api/a/1')
          void (async () => {
            await null
            await waybill.fetch('/api/a/lost2')
          })()
        })
      })
    })
    await shop.page.click('text=B')
    await report(3)
  })
  test('O2 same in a continuation', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const a = waybill.begin('A')
      on('<button>B</button>', 'click', async () => {
        await waybill.fetch('/api/b/1')
        a.run(() => {
          void waybill.fetch('/api/a/1')
          void (async () => {
            await null
            await waybill.fetch('/api/a/lost2')
          })()
        })
      })
    })
    await shop.page.click('text=B')
    await report(3)
  })
  test('latest: autosave timer right after a busy click, requestSubmit', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const form = on('<form><input type=checkbox></form>', 'submit', (e) => {
        e.preventDefault()
        void waybill.fetch('/api/save/1')
      }) as HTMLFormElement
      on('<button>B</button>', 'click', () => {
        void waybill.fetch('/api/b/1')
        const until = performance.now() + 60
        while (performance.now() < until);
      })
      document.querySelector('button:last-of-type')!.addEventListener('pointerup', () => {
        setTimeout(() => form.requestSubmit(), 0)
      })
      setInterval(() => form.requestSubmit(), 10)
    })
    await shop.page.click('text=B')
    await report(99)
  })
  test('latest2: checkbox', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const box = on('<input type=checkbox>', 'change', () => {
        void waybill.fetch('/api/save/1')
      }) as HTMLInputElement
      on('<button>B</button>', 'click', () => {
        void waybill.fetch('/api/b/1')
        const until = performance.now() + 60
        while (performance.now() < until);
      })
      setInterval(() => box.click(), 10)
    })
    await shop.page.click('text=B')
    await report(99)
  })
  test('BE window capture listener before createWaybill', async () => {
    await shop.page.evaluate(() => {
      const { on, createWaybill } = window.shop
      let w: ReturnType<typeof createWaybill> | undefined
      addEventListener('click', () => void w?.fetch('/api/b/0'), true)
      w = createWaybill({ service: 's2' })
      on('<button>B</button>', 'click', () => void w?.fetch('/api/b/1'))
    })
    await shop.page.click('text=B')
    await report(2)
  })
  test('dedup direct promise', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let p: Promise<Response> | undefined
      const get = () => (p ??= waybill.fetch('/api/a/1?wait=400'))
      on('<button>A</button>', 'click', async () => {
        await get()
        await waybill.fetch('/api/a/2')
      })
      on('<button>B</button>', 'click', async () => {
        await get()
        await waybill.fetch('/api/b/1')
        await waybill.fetch('/api/b/2')
      })
    })
    await shop.page.click('text=A')
    await shop.page.click('text=B')
    await report(4)
  })
  test('dedup derived promise', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let p: Promise<unknown> | undefined
      const get = () => (p ??= (async () => (await waybill.fetch('/api/a/1?wait=400')).json())())
      on('<button>A</button>', 'click', async () => {
        await get()
        await waybill.fetch('/api/a/2')
      })
      on('<button>B</button>', 'click', async () => {
        await get()
        await waybill.fetch('/api/b/1')
        await waybill.fetch('/api/b/2')
      })
    })
    await shop.page.click('text=A')
    await shop.page.click('text=B')
    await report(4)
  })
  test('dedup: poller shares a click promise', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, sleep } = window.shop
      let p: Promise<unknown> | undefined
      const get = () => (p ??= waybill.fetch('/api/a/1?wait=400').then((r) => r.json()))
      on('<button>A</button>', 'click', async () => {
        void sleep(20).then(async () => {
          await get()
          await waybill.fetch('/api/poll/1')
        })
        await get()
        await waybill.fetch('/api/a/2')
      })
    })
    await shop.page.click('text=A')
    await report(3)
  })
  test('confirm dialog promise resolved by another click', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let ok: () => void = () => {}
      on('<button>A</button>', 'click', async () => {
        await waybill.fetch('/api/a/1')
        await new Promise<void>((r) => {
          ok = r
        })
        await waybill.fetch('/api/a/lost2')
      })
      on('<button>B</button>', 'click', async () => {
        void waybill.fetch('/api/b/1')
        ok()
      })
    })
    await shop.page.click('text=A')
    await shop.references(1)
    await new Promise((r) => setTimeout(r, 100))
    await shop.page.click('text=B')
    await report(3)
  })
  test('clone read by a timer', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, sleep } = window.shop
      let cached: Response | undefined
      on('<button>A</button>', 'click', async () => {
        cached = await waybill.fetch('/api/a/1')
      })
      void (async () => {
        while (!cached) await sleep(5)
        await cached.clone().json()
        await waybill.fetch('/api/poll/1')
      })()
    })
    await shop.page.click('text=A')
    await report(2)
  })
  test('BK instantly failing job', async () => {
    await shop.page.evaluate(() => {
      const { waybill } = window.shop
      setTimeout(() => {
        void (async () => {
          void waybill.fetch('/api/job1/0')
          await waybill.fetch('/api/job1/x', { method: 'TRACE' }).catch(() => {})
          await waybill.fetch('/api/job1/2')
        })()
        void (async () => {
          await null
          await null
          await null
          await null
          await waybill.fetch('/api/job2/1')
        })()
      }, 1)
    })
    await report(3)
  })
  test('for await body', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>A</button>', 'click', async () => {
        const r = await waybill.fetch('/api/a/1')
        for await (const _ of r.body as unknown as AsyncIterable<unknown>);
        await waybill.fetch('/api/a/2')
        const q = await waybill.fetch('/api/c/1')
        const rd = q.body!.pipeThrough(new TextDecoderStream()).getReader()
        while (!(await rd.read()).done);
        await waybill.fetch('/api/c/2')
      })
    })
    await shop.page.click('text=A')
    await report(4)
  })
})
