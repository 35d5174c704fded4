import { expect, test } from 'vitest'
import { inEveryBrowser } from '../fixtures/inEveryBrowser.ts'

/** What is run by these is nobody's, by design: pollers come from there. */
const CALLBACKS = [
  'timer',
  'interval',
  'animation frame',
  'idle callback',
  'message',
  'IndexedDB',
  'emitter',
  'then of a foreign promise',
  'mutation observer',
]

inEveryBrowser(
  (shop) => {
    test('callbacks of timers, emitters and foreign promises are nobody’s, also those that a carried function gave', async () => {
      await shop.page.evaluate((names) => {
        const { on, sleep, waybill } = window.shop
        const listeners: (() => void)[] = []
        void (async () => {
          for (;;) {
            await sleep(5)
            for (const listener of listeners.splice(0)) listener()
          }
        })()
        const callers: Record<string, (fn: () => void) => unknown> = {
          timer: (fn) => setTimeout(fn),
          interval(fn) {
            const timer = setInterval(() => {
              clearInterval(timer)
              fn()
            }, 1)
          },
          'animation frame': (fn) => requestAnimationFrame(fn),
          'idle callback': (fn) => (window.requestIdleCallback ?? setTimeout)(fn),
          message(fn) {
            const { port1, port2 } = new MessageChannel()
            port1.addEventListener('message', fn)
            port1.start()
            port2.postMessage(0)
          },
          IndexedDB: (fn) => indexedDB.open('shop').addEventListener('success', fn),
          emitter: (fn) => listeners.push(fn),
          'then of a foreign promise': (fn) => sleep(5).then(fn),
          'mutation observer'(fn) {
            const element = document.createElement('p')
            new MutationObserver(fn).observe(element, { attributes: true })
            setTimeout(() => element.setAttribute('at', 'once'))
          },
        }
        on('<button>Go</button>', 'click', async () => {
          await waybill.fetch('/api/click/a')
          await sleep(5)
          for (const name of names) {
            const what = name.replaceAll(' ', '-')
            callers[name]?.(() => void waybill.fetch(`/api/${what}/lost`))
            callers[name]?.(async () => {
              await sleep(5)
              await waybill.fetch(`/api/${what}-async/lost`)
            })
          }
          await waybill.fetch('/api/click/b')
        })
      }, CALLBACKS)
      await shop.page.click('text=Go')
      await shop.references(2 + 2 * CALLBACKS.length)
      expect((await shop.actions()).filter(({ background }) => background)).toHaveLength(2 * CALLBACKS.length)
    })

    test('a poller that waits for a promise which a click settles stays nobody’s, and so does what it calls', async () => {
      await shop.page.evaluate(() => {
        const { on, waybill } = window.shop
        let change = (): void => {}
        const refresh = async (): Promise<void> => {
          await Promise.resolve()
          await waybill.fetch('/api/poll-inner/lost')
        }
        void (async () => {
          await new Promise<void>((go) => (change = go))
          void refresh()
          await (await waybill.fetch('/api/poll/lost-a')).json()
          await waybill.fetch('/api/poll/lost-b')
        })()
        on('<button>Pay</button>', 'click', async () => {
          change()
          await waybill.fetch('/api/pay/a')
          await waybill.fetch('/api/pay/b')
        })
      })
      await shop.page.click('text=Pay')
      const seen = await shop.references(5)
      expect(seen['poll/lost-b']).toEqual(seen['poll/lost-a'])
    })

    test('a loop that a background call leads to does not go on as that call', async () => {
      await shop.page.evaluate(() => {
        const { sleep, waybill } = window.shop
        const poll = async (): Promise<void> => {
          for (let at = 0; at < 3; at++) {
            await sleep(5)
            await waybill.fetch(`/api/poll-${at}/lost`)
          }
        }
        void waybill.fetch('/api/config/lost').then(poll)
      })
      await shop.references(4)
      expect((await shop.actions()).filter(({ background }) => background)).toHaveLength(4)
    })

    test('what a handle runs in a message’s or the database’s own task is the handle’s', async () => {
      await shop.page.evaluate(async () => {
        const { sleep, waybill } = window.shop
        await sleep(5)
        const action = waybill.begin('Job')
        const call = (what: string) => (): void =>
          action.run(() => {
            void waybill.fetch(`/api/job/${what}`)
            void (async () => {
              await sleep(5)
              await waybill.fetch(`/api/job/${what}-later`)
            })()
          })
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', call('message'))
        port1.start()
        port2.postMessage(0)
        indexedDB.open('shop').addEventListener('success', call('success'))
      })
      await shop.references(4)
    })

    test('a click that calls nothing before a timer, and then only once, leaves one action, of the click’s time and name', async () => {
      await shop.page.evaluate(() => {
        const { on, sleep, waybill } = window.shop
        on('<button>Idle</button>', 'click', async () => {
          await sleep(5)
          void waybill.current()
        })
        on('<button data-waybill-action="Save draft">Busy</button>', 'click', async (event) => {
          Object.assign(window, { eventAt: performance.timeOrigin + event.timeStamp })
          await sleep(30)
          await waybill.fetch('/api/save/a')
          await sleep(5)
          await waybill.fetch('/api/save/b')
        })
      })
      await shop.page.click('text=Idle')
      await shop.page.click('text=Busy')
      await shop.references(2)
      const actions = await shop.actions()
      expect(actions.map(({ name, background }) => ({ name, background }))).toEqual([
        { name: 'Save draft', background: false },
      ])
      const eventAt = await shop.page.evaluate(() => Number(Reflect.get(window, 'eventAt')))
      expect(Math.abs((actions[0]?.startedAt ?? 0) - eventAt)).toBeLessThan(10)
    })

    test('the first action begun behind an await is the click’s, with what comes later; a second one is its own', async () => {
      await shop.page.evaluate(() => {
        const { on, sleep, waybill } = window.shop
        on('<button>Pay</button>', 'click', async () => {
          await sleep(5)
          const action = waybill.begin('Pay')
          await sleep(5)
          await waybill.fetch('/api/pay/a')
          const other = waybill.begin('Report')
          await sleep(5)
          await waybill.fetch('/api/pay/b')
          await other.run(async () => {
            await sleep(5)
            await waybill.fetch('/api/report/a')
            await sleep(5)
            await waybill.fetch('/api/report/b')
          })
          await waybill.fetch('/api/pay/c')
          action.succeed()
        })
      })
      await shop.page.click('text=Pay')
      const { 'pay/a': pay, 'report/a': report } = await shop.references(5)
      const named = Object.fromEntries((await shop.actions()).map(({ name, reference }) => [name, [reference]]))
      expect(named).toEqual({ Pay: pay, Report: report })
    })

    test('what is begun by a run or a handle stays its own through timers, beside the click it is called in', async () => {
      await shop.page.evaluate(() => {
        const { on, sleep, waybill } = window.shop
        const work = (name: string) => async (): Promise<void> => {
          for (let at = 0; at < 3; at++) {
            await sleep(5)
            await waybill.fetch(`/api/${name}/${at}`)
          }
        }
        const held = waybill.begin('held')
        const resumed = waybill.begin('resumed')
        on('<button>Go</button>', 'click', async () => {
          void work('click')()
          void held.run(work('held'))
          void resumed.resume(work('resumed'))
          await waybill.fetch('/api/click/first')
          await Promise.all([waybill.run('later', work('later')), work('click')()])
          await waybill.fetch('/api/click/last')
        })
      })
      await shop.page.click('text=Go')
      await shop.references(17)
    })

    test('a generator goes on as what made it, whoever drains it and in whatever is held there', async () => {
      await shop.page.evaluate(() => {
        const { on, sleep, waybill } = window.shop
        async function* pages(): AsyncGenerator<number> {
          for (let at = 0; at < 3; at++) {
            await waybill.fetch(`/api/made/${at}`)
            yield at
          }
        }
        const drained = waybill.begin('Export')
        on('<button>Make</button>', 'click', async () => {
          const made = pages()
          await drained.run(async () => {
            for await (const at of made) {
              await waybill.fetch(`/api/drained/${at}`)
              await sleep(5)
            }
          })
          await waybill.fetch('/api/made/last')
        })
      })
      await shop.page.click('text=Make')
      await shop.references(7)
    })

    test('a package left alone, which a carried function calls in another action’s frame, is nobody’s', async () => {
      await shop.page.evaluate(() => {
        const { on, sleep, waybill, ky } = window.shop
        // As it came, and it waits before it calls.
        const api = ky.create({ fetch: waybill.fetch })
        let answers: (() => void)[] = []
        const ask = (): Promise<void> => new Promise((go) => answers.push(go))
        const answer = (): void => {
          for (const each of answers) each()
          answers = []
        }
        let clicks = 0
        on('<button>Delete</button>', 'click', async () => {
          const name = `delete-${clicks++}`
          await api.get(`/api/${name}/a`).json()
          await ask()
          await api.get(`/api/${name}/lost`)
          await waybill.fetch(`/api/${name}/b`)
        })
        on('<button>Yes</button>', 'click', () => {
          answer()
          void waybill.fetch('/api/yes/a')
        })
        on('<button>Sure</button>', 'click', async () => {
          await waybill.fetch('/api/sure/a')
          answer()
          await api.get('/api/sure/lost')
          await waybill.fetch('/api/sure/b')
        })
        void (async () => {
          await ask()
          await api.get('/api/poll/lost')
        })()
        on('<button>Alone</button>', 'click', async () => {
          await sleep(5)
          await waybill.fetch('/api/alone/a')
          await api.get('/api/alone/b')
        })
      })
      await shop.page.click('text=Delete')
      await shop.references(1)
      await shop.page.evaluate(() => window.shop.sleep(50))
      await shop.page.click('text=Yes')
      await shop.references(5)
      await shop.page.click('text=Delete')
      await shop.references(6)
      await shop.page.evaluate(() => window.shop.sleep(50))
      await shop.page.click('text=Sure')
      await shop.references(11)
      await shop.page.click('text=Alone')
      await shop.references(13)
    })

    test.each(['alert', 'confirm', 'prompt', 'a synchronous request'])(
      'tasks that run while a carried function waits for %s are nobody’s',
      async (kind) => {
        await shop.page.evaluate((kind) => {
          const { on, sleep, waybill } = window.shop
          const wait: Record<string, () => unknown> = {
            alert: () => alert('Saved.'),
            confirm: () => confirm('Sure?'),
            prompt: () => prompt('Why?'),
            'a synchronous request'() {
              const request = new XMLHttpRequest()
              request.open('GET', '/api/?wait=300', false)
              request.send()
            },
          }
          let count = 0
          const poll = (): void => {
            void waybill.fetch(`/api/poll-${count++}/lost`)
            const at = count++
            void (async () => {
              await sleep(5)
              await waybill.fetch(`/api/poll-${at}/lost`)
            })()
          }
          const start = (): void => {
            const { port1, port2 } = new MessageChannel()
            port1.addEventListener('message', poll)
            port1.start()
            port2.postMessage(0)
            indexedDB.open('shop').addEventListener('success', poll)
          }
          const stored = (): Promise<unknown> =>
            new Promise((done) => indexedDB.open('other').addEventListener('success', done))
          const listener = async (name: string, before: () => Promise<unknown>): Promise<void> => {
            await before()
            await waybill.fetch(`/api/${name}/a`)
            await before()
            start()
            wait[kind]?.()
            void waybill.fetch(`/api/${name}/b`)
            await Promise.resolve()
            await waybill.fetch(`/api/${name}/c`)
          }
          on('<button>Timer</button>', 'click', () => listener('timer', () => sleep(5)))
          on('<button>Stored</button>', 'click', () => listener('stored', stored))
          on('<button>Click</button>', 'click', async () => {
            void waybill.fetch('/api/click/a')
            start()
            wait[kind]?.()
            await Promise.resolve()
            await waybill.fetch('/api/click/b')
          })
        }, kind)
        const synchronous = kind === 'a synchronous request' ? 1 : 0
        await shop.page.click('text=Timer')
        await shop.references(7 + synchronous)
        await shop.page.click('text=Stored')
        await shop.references(14 + 2 * synchronous)
        await shop.page.click('text=Click')
        await shop.references(20 + 3 * synchronous)
      },
    )

    test('an action that has ended is not continued: a loop’s calls get references of their own, linked to it', async () => {
      await shop.page.evaluate(() => {
        const { createClock, createWaybill, on } = window.shop
        const clock = createClock()
        const waybill = createWaybill({
          service: 'shop-web',
          deliverTo: '/waybill',
          now: clock.now,
          after: clock.after,
        })
        let pauses = 0
        const pause = (ms: number): Promise<void> =>
          new Promise((go) => {
            clock.after(ms, go)
            Object.assign(window, { pauses: ++pauses })
          })
        on('<button data-waybill-action="Watch">Watch</button>', 'click', async () => {
          await waybill.fetch('/api/watch/a')
          await pause(1000)
          await waybill.fetch('/api/watch/b')
          for (let tick = 0; ; tick++) {
            await pause(5000)
            await (await waybill.fetch(`/api/tick-${tick}/lost-a`)).json()
            await waybill.fetch(`/api/tick-${tick}/lost-b`)
          }
        })
        on('<button>Pay</button>', 'click', async () => {
          const action = waybill.begin('Pay')
          await action.fetch('/api/pay/a')
          action.succeed()
          await pause(10)
          await waybill.fetch('/api/after/lost')
          // Taken up again it is open, and goes on.
          action.retry()
          await pause(10)
          await waybill.fetch('/api/pay/b')
          action.succeed()
          action.run(() => void waybill.fetch('/api/pay/c'))
          await pause(10)
          // What is done with the handle itself is its own at any time.
          action.run(() => void waybill.fetch('/api/pay/d'))
        })
        Object.assign(window, { clock, waybill })
      })
      const pauses = (): Promise<number> => shop.page.evaluate(() => Number(Reflect.get(window, 'pauses') ?? 0))
      const advance = async (ms: number, after: number): Promise<void> => {
        await expect.poll(pauses, { timeout: 10_000 }).toBe(after)
        await shop.page.evaluate((ms) => {
          const clock: ReturnType<typeof window.shop.createClock> = Reflect.get(window, 'clock')
          return clock.advance(ms)
        }, ms)
      }
      await shop.page.click('text=Watch')
      await advance(1000, 1)
      await advance(5000, 2)
      await advance(5000, 3)
      await expect.poll(pauses, { timeout: 10_000 }).toBe(4)
      await shop.page.click('text=Pay')
      await advance(10, 5)
      await advance(10, 6)
      await advance(10, 7)
      await expect.poll(() => shop.site.calls.length, { timeout: 10_000 }).toBe(11)
      await advance(4000, 7)
      await shop.page.evaluate(() => {
        const waybill: typeof window.shop.waybill = Reflect.get(window, 'waybill')
        return waybill.flush()
      })
      const seen = Object.fromEntries(
        shop.site.calls.map(({ path, headers }) => [path.slice(5), headers['trace-reference']]),
      )
      expect(seen['watch/b']).toBe(seen['watch/a'])
      expect(seen['tick-0/lost-b']).toBe(seen['tick-0/lost-a'])
      expect(seen['tick-1/lost-b']).toBe(seen['tick-1/lost-a'])
      expect(['pay/b', 'pay/c', 'pay/d'].map((call) => seen[call])).toEqual(Array(3).fill(seen['pay/a']))
      expect(new Set(Object.values(seen)).size).toBe(5)

      const rounds = shop.site.delivered().filter(({ attributes }) => attributes['waybill.action.state'])
      const of = (call: string): typeof rounds =>
        rounds.filter(({ attributes }) => attributes['waybill.reference'] === seen[call])
      for (const [call, led] of [
        ['tick-0/lost-a', 'watch/a'],
        ['tick-1/lost-a', 'watch/a'],
        ['after/lost', 'pay/a'],
      ] as const) {
        const [step] = of(call)
        const [link, ...others] = step?.links ?? []
        expect(others).toEqual([])
        expect(of(led).map(({ traceId, spanId }) => [traceId, spanId])).toContainEqual([link?.traceId, link?.spanId])
        expect(step?.attributes['waybill.action.background']).toBe(true)
      }
      expect(of('watch/a').every(({ links }) => !links)).toBe(true)
    })

    test('what follows an ended action does not join a poller that it waits for, nor the poller it', async () => {
      await shop.page.evaluate(() => {
        const { on, waybill } = window.shop
        let settle = (): void => {}
        const wait = (): Promise<void> => new Promise((go) => (settle = go))
        const poll = async (): Promise<void> => {
          await waybill.fetch('/api/poll/lost-a')
          settle()
          await waybill.fetch('/api/poll/lost-b')
        }
        let start = (): void => {}
        void (async () => {
          await new Promise<void>((go) => (start = go))
          await poll()
          await wait()
          await waybill.fetch('/api/waiting/lost')
        })()
        on('<button>Pay</button>', 'click', async () => {
          const action = waybill.begin('Pay')
          await action.fetch('/api/pay/a')
          action.succeed()
          await wait()
          await waybill.fetch('/api/after/lost-a')
          settle()
          await waybill.fetch('/api/after/lost-b')
        })
        on('<button>Start</button>', 'click', () => start())
      })
      await shop.page.click('text=Pay')
      await shop.references(1)
      await shop.page.evaluate(() => window.shop.sleep(50))
      await shop.page.click('text=Start')
      const seen = await shop.references(6)
      expect(seen['poll/lost-b']).toEqual(seen['poll/lost-a'])
      expect(seen['after/lost-b']).toEqual(seen['after/lost-a'])
    })

    test('two waybills on a page keep one reference for one gesture behind a timer, and one that stopped carries nothing', async () => {
      const answers = await shop.page.evaluate(async () => {
        const { createWaybill, on, sleep, waybill } = window.shop
        const other = createWaybill({ service: 'other' })
        const { sources }: { sources: (() => unknown)[] } = Reflect.get(window, Symbol.for('waybill.carry.1'))
        on('<button>Both</button>', 'click', async () => {
          await sleep(5)
          await waybill.fetch('/api/both/a')
          await sleep(5)
          await other.fetch('/api/both/b')
          await other.run('Within', async () => {
            await sleep(5)
            await other.fetch('/api/within/a')
            await waybill.fetch('/api/both/c')
          })
          const before = other.begin('Stopped')
          other.stop()
          before.run(() => sources.map((source) => source()))
          await sleep(5)
          await waybill.fetch('/api/both/d')
        })
        const third = createWaybill({ service: 'third' })
        third.stop()
        return third.begin('Any').run(() => sources.map((source) => typeof source()))
      })
      expect(answers).toEqual(['undefined', 'undefined', 'undefined'])
      await shop.page.click('text=Both')
      await shop.references(5)
    })
  },
  { modes: ['carried'] },
)
