import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

inBothModes((shop) => {
  test('handles are exact under any overlap, behind timers too', async () => {
    await shop.page.evaluate(async () => {
      const { waybill, sleep } = window.shop
      const actions = Array.from({ length: 20 }, (_, i) => waybill.begin(`Action ${i}`))
      await Promise.all(
        actions.map(async (action, i) => {
          for (let j = 0; j < 4; j++) {
            await sleep((i * 3 + j * 5) % 7)
            const response = await action.fetch(`/api/${action.reference}/x`)
            await response.json()
            await action.run(async () => (await waybill.fetch(`/api/${action.reference}/y`)).json())
          }
          action.succeed()
        }),
      )
    })
    await shop.references(160)
    for (const { path, headers } of shop.site.calls) expect(path.split('/')[2]).toBe(headers['trace-reference'])
  })

  test('what two timers resume in one task, each after an untraced await, stays with its own action', async () => {
    const expected = await shop.page.evaluate(async () => {
      const { waybill, sleep } = window.shop
      const actions = Array.from({ length: 20 }, (_, at) => waybill.begin(`Job ${at}`))
      await Promise.all(
        actions.map(async (action, at) => {
          await sleep(20)
          await action.resume(async () => {
            await Promise.resolve()
            await Promise.resolve()
            await waybill.fetch(`/api/${at}`)
            await waybill.fetch(`/api/${at}`)
          })
        }),
      )
      return actions.map(({ reference }) => reference)
    })
    const seen = await shop.references(40)
    for (const [at, reference] of expected.entries()) expect(seen[String(at)]).toEqual([reference, reference])
  })

  test('what is resumed beside other code, in a click or a timer, does not lend its action to that code', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill, sleep } = window.shop
      const begin = (name: string): (() => void) => {
        const action = waybill.begin(name)
        return () =>
          void action.resume(async () => {
            await Promise.resolve()
            await waybill.fetch(`/api/${name}/a`)
            await waybill.fetch(`/api/${name}/b`)
          })
      }
      const [resumeFirst, resumeSecond] = [begin('first'), begin('second')]
      on('<button>Pay</button>', 'click', async () => {
        resumeFirst()
        for (let i = 0; i < 5; i++) await Promise.resolve()
        await waybill.fetch('/api/pay/a')
        await waybill.fetch('/api/pay/b')
      })
      void (async () => {
        await sleep(5)
        resumeSecond()
        for (let i = 0; i < 5; i++) await Promise.resolve()
        await waybill.fetch('/api/poll/lost')
      })()
    })
    await shop.references(3)
    await shop.page.click('text=Pay')
    await shop.references(7)
  })

  test('what a resumed function throws or rejects with reaches the caller', async () => {
    const thrown = await shop.page.evaluate(() => {
      const action = window.shop.waybill.begin('Job')
      const failing = [
        action.resume(() => {
          throw new Error('thrown')
        }),
        action.resume(() => Promise.reject(new Error('rejected'))),
      ]
      return Promise.all(failing.map((each) => each.catch((error: unknown) => String(error))))
    })
    expect(thrown).toEqual(['Error: thrown', 'Error: rejected'])
  })

  test('run names the click’s action, and what follows an untraced await in it', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Refund</button>', 'click', () => {
        void waybill.fetch('/api/refund/before')
        void waybill.run('Request refund', async () => {
          await Promise.resolve()
          await waybill.fetch('/api/refund/inside')
        })
      })
    })
    await shop.page.click('text=Refund')
    await shop.references(2)
    expect((await shop.actions()).map(({ name }) => name)).toEqual(['Request refund'])
  })

  test('two runs in one click never lend each other their reference', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const both = (name: string): Promise<unknown> =>
        waybill.run(name, async () => {
          await waybill.fetch(`/api/${name}/1`)
          await Promise.resolve()
          await waybill.fetch(`/api/${name}/2`)
        })
      const unsure = (name: string): Promise<unknown> =>
        waybill.run(name, async () => {
          await Promise.resolve()
          // Without the plugin nobody can tell whose these are, so each has a reference of its own, which is no one else's.
          await waybill.fetch(`/api/${name}/carried`)
        })
      on('<button>Both</button>', 'click', () => void [both('a'), both('b'), unsure('c'), unsure('d')])
    })
    await shop.page.click('text=Both')
    const seen = await shop.references(6)
    const named = Object.fromEntries((await shop.actions()).map(({ name, reference }) => [reference, name]))
    for (const name of ['c', 'd']) {
      const owner = named[seen[`${name}/carried`]?.[0] ?? '']
      if (shop.mode === 'carried') expect(owner).toBe(name)
      else expect(['a', 'b', 'c', 'd']).not.toContain(owner)
    }
  })

  test('runs inside runs, each back where it was when the inner one ended', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const call = (what: string): Promise<Response> => waybill.fetch(`/api/${what}`)
      on('<button>Go</button>', 'click', () => {
        void waybill.run('outer', async () => {
          await call('outer/1')
          const inner = waybill.run('inner', async (action) => {
            await call('inner/1')
            const deepest = waybill.run('deepest', async () => {
              await call('deepest/1')
              await call('deepest/2')
            })
            await action.run(() => call('inner/2'))
            await deepest
            await action.fetch('/api/inner/3')
          })
          await call('outer/2')
          await call('outer/3')
          await inner
        })
      })
    })
    await shop.page.click('text=Go')
    await shop.references(8)
  })

  test('a run inside another action’s continuation does not take that action’s reference', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Go</button>', 'click', async () => {
        await waybill.fetch('/api/outer/1')
        const inner = waybill.run('Inner', async () => {
          await Promise.resolve()
          await waybill.fetch('/api/inner/carried')
        })
        await waybill.fetch('/api/outer/2')
        await inner
      })
    })
    await shop.page.click('text=Go')
    const { 'outer/1': outer = [], 'inner/carried': inner = [] } = await shop.references(3)
    expect(outer).not.toContain(inner[0])
  })

  test('a run that returns nothing does not leave its unfinished work to the click or continuation around it', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const work = async (what: string): Promise<void> => {
        void waybill.fetch(`/api/job/${what}`)
        await Promise.resolve()
        await waybill.fetch('/api/job/carried')
      }
      const action = waybill.begin('Job')
      on('<button>Click</button>', 'click', () => {
        void waybill.fetch('/api/click/1')
        action.run(() => void work('in-click'))
      })
      on('<button>Later</button>', 'click', async () => {
        await waybill.fetch('/api/later/1')
        action.run(() => void work('in-continuation'))
      })
    })
    await shop.page.click('text=Click')
    await shop.references(3)
    await shop.page.click('text=Later')
    await shop.references(6)
  })

  test('an action begun in a click after an await is its own, and the click’s time is its start', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Pay</button>', 'click', async () => {
        await Promise.resolve()
        const action = waybill.begin('Pay')
        await action.fetch('/api/pay/a')
        await new Promise((go) => void setTimeout(go, 5))
        await action.fetch('/api/pay/b')
        await action.run(async () => {
          await waybill.fetch('/api/pay/c')
          await waybill.fetch('/api/pay/d')
        })
        action.succeed()
      })
      on('<button>Check</button>', 'click', async () => {
        await waybill.fetch('/api/check/a')
        const action = waybill.begin('Order')
        const order = action.fetch('/api/order/a')
        await waybill.fetch('/api/check/b')
        await order
        await action.fetch('/api/order/b')
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(4)
    expect((await shop.actions()).map(({ name }) => name)).toEqual(['Pay'])
    await shop.page.click('text=Check')
    await shop.references(8)
  })
})
