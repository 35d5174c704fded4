import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let page: Page

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await page?.context().close()
  page = await shop.visit()
  shop.forget()
})

/** The references the API saw, by the path called. */
function references(): Record<string, string[]> {
  const seen: Record<string, string[]> = {}
  for (const { path, headers } of shop.site.calls) {
    ;(seen[path.replace('/api/', '')] ??= []).push(String(headers['trace-reference']))
  }
  return seen
}

async function calls(count: number): Promise<void> {
  await expect.poll(() => shop.site.calls.length, { timeout: 5000 }).toBe(count)
}

test('a chain of calls after a click is one action', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Pay</button>', 'click', async () => {
      const response = await waybill.fetch('/api/a')
      const deep = async (): Promise<unknown> => (await waybill.fetch('/api/b')).json()
      await response.json()
      await deep()
      await Promise.all([waybill.fetch('/api/c'), waybill.fetch('/api/d').then((each) => each.text())])
      const reader = (await waybill.fetch('/api/e')).body?.getReader()
      while (!(await reader?.read())?.done);
      await waybill.fetch('/api/f')
    })
  })
  await page.click('text=Pay')
  await calls(6)
  const seen = Object.values(references()).flat()
  expect(new Set(seen).size).toBe(1)
  const headers = shop.site.calls.map(({ headers }) => String(headers['traceparent']).split('-'))
  expect(new Set(headers.map(([, traceId]) => traceId)).size).toBe(1)
  expect(new Set(headers.map(([, , spanId]) => spanId)).size).toBe(6)
})

test('a double click is two actions', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Pay</button>', 'click', () => void waybill.fetch('/api/a').then(() => waybill.fetch('/api/b')))
  })
  await page.dblclick('text=Pay')
  await calls(4)
  const { a = [], b = [] } = references()
  expect(new Set(a).size).toBe(2)
  expect(new Set(b)).toEqual(new Set(a))
})

test('Enter in a form is one action: the keydown, its click and its submit', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    const form = on('<form><input name="q"><button>Go</button></form>', 'submit', (event) => {
      event.preventDefault()
      void waybill.fetch('/api/submit')
    })
    form.querySelector('input')?.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') void waybill.fetch('/api/keydown')
    })
    form.querySelector('input')?.addEventListener('change', () => void waybill.fetch('/api/change'))
    form.querySelector('button')?.addEventListener('click', () => void waybill.fetch('/api/click'))
  })
  await page.fill('input', 'x')
  await page.press('input', 'Enter')
  await calls(4)
  await page.press('input', 'Enter')
  await calls(7)
  const { keydown = [], click, submit } = references()
  expect(click).toEqual(keydown)
  expect(submit).toEqual(keydown)
  expect(new Set(keydown).size).toBe(2)
})

test('typing is an action for each key', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<input>', 'input', () => void waybill.fetch('/api/search'))
  })
  await page.locator('input').pressSequentially('abc')
  await calls(3)
  expect(new Set(references()['search']).size).toBe(3)
})

test('two actions that overlap never share a reference, however their answers arrive', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    for (const name of ['left', 'right']) {
      on(`<button>${name}</button>`, 'click', async () => {
        for (let i = 0; i < 12; i++) {
          const response = await waybill.fetch(`/api/${name}?wait=${10 + ((i * 7) % 13)}`)
          await response.json()
        }
      })
    }
  })
  await page.click('text=left')
  await page.click('text=right')
  await calls(24)
  const { left = [], right = [] } = references()
  expect(new Set(left).size).toBe(1)
  expect(new Set(right).size).toBe(1)
  expect(left[0]).not.toBe(right[0])
})

test('continuations that become due in one task keep to their own action', async () => {
  await page.evaluate(async () => {
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
      await together.fetch(`/api/${name}`)
      await together.fetch(`/api/${name}`)
    }
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => together.run(name, () => one(name))))
  })
  const seen = Object.values(references())
  expect(seen.map((each) => new Set(each).size)).toEqual([1, 1, 1, 1, 1])
  expect(new Set(seen.flat()).size).toBe(5)
})

test('a poller beside an action stays nobody’s, each call with a reference of its own, marked background', async () => {
  await page.evaluate(() => {
    const { on, waybill, sleep } = window.shop
    void (async () => {
      for (let i = 0; i < 30; i++) {
        await waybill.fetch('/api/poll')
        await sleep(3)
      }
    })()
    on('<button>Pay</button>', 'click', async () => {
      for (let i = 0; i < 20; i++) await (await waybill.fetch('/api/pay?wait=2')).json()
    })
  })
  await page.click('text=Pay')
  await calls(50)
  const { poll = [], pay = [] } = references()
  expect(new Set(pay).size).toBe(1)
  expect(new Set(poll).size).toBe(30)
  expect(poll).not.toContain(pay[0])
  const background = await page.evaluate(() => window.shop.waybill.session.actions().map((each) => each.background))
  expect(background.filter(Boolean)).toHaveLength(30)
})

test('code behind a timer is nobody’s rather than the latest click’s', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Pay</button>', 'click', async () => {
      await waybill.fetch('/api/a')
      setTimeout(() => void waybill.fetch('/api/late'), 5)
    })
  })
  await page.click('text=Pay')
  await calls(2)
  const { a, late } = references()
  expect(late).not.toEqual(a)
})

test('handles are exact under any overlap, behind timers too', async () => {
  const mixedUp = await page.evaluate(async () => {
    const { waybill, sleep } = window.shop
    const actions = Array.from({ length: 20 }, (_, i) => waybill.begin(`Action ${i}`))
    const wrong: string[] = []
    await Promise.all(
      actions.map(async (action, i) => {
        for (let j = 0; j < 4; j++) {
          await sleep((i * 3 + j * 5) % 7)
          const response = await action.fetch('/api/x')
          if ((await response.json()).seen['trace-reference'] !== action.reference) wrong.push(action.reference)
          const inside = await action.run(async () => (await waybill.fetch('/api/y')).json())
          if (inside.seen['trace-reference'] !== action.reference) wrong.push(action.reference)
        }
        action.succeed()
      }),
    )
    return wrong
  })
  expect(mixedUp).toEqual([])
  expect(shop.site.calls).toHaveLength(160)
})

test('what two timers resume in one task, each after an untraced await, stays with its own action', async () => {
  const expected = await page.evaluate(async () => {
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
  await calls(40)
  const seen = references()
  for (const [at, reference] of expected.entries()) expect(seen[String(at)]).toEqual([reference, reference])
})

test('what a resumed function throws or rejects with reaches the caller', async () => {
  const thrown = await page.evaluate(() => {
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
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Refund</button>', 'click', () => {
      void waybill.fetch('/api/before')
      void waybill.run('Request refund', async () => {
        await Promise.resolve()
        await waybill.fetch('/api/refund')
      })
    })
  })
  await page.click('text=Refund')
  await calls(2)
  expect(references()['before']).toEqual(references()['refund'])
  const actions = await page.evaluate(() => window.shop.waybill.session.actions())
  expect(actions.map(({ name }) => name)).toEqual(['Request refund'])
})

test('two runs in one click never lend each other their reference', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    const both = (name: string): Promise<unknown> =>
      waybill.run(name, async () => {
        await waybill.fetch(`/api/${name}`)
        await Promise.resolve()
        await waybill.fetch(`/api/${name}`)
      })
    const unsure = (name: string): Promise<unknown> =>
      waybill.run(name, async () => {
        await Promise.resolve()
        await waybill.fetch(`/api/unsure-${name}`)
      })
    on('<button>Both</button>', 'click', () => void [both('a'), both('b'), unsure('c'), unsure('d')])
  })
  await page.click('text=Both')
  await calls(6)
  const seen = references()
  expect(new Set(seen['a']).size).toBe(1)
  expect(new Set(seen['b']).size).toBe(1)
  const named = await page.evaluate(() =>
    Object.fromEntries(window.shop.waybill.session.actions().map(({ name, reference }) => [reference, name])),
  )
  // Nobody can tell whose these are, so each has a reference of its own, which is no one else's.
  for (const name of ['unsure-c', 'unsure-d']) expect(['a', 'b', 'c', 'd']).not.toContain(named[seen[name]?.[0] ?? ''])
})

test('a run inside another action’s continuation does not take that action’s reference', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Go</button>', 'click', async () => {
      await waybill.fetch('/api/outer')
      const inner = waybill.run('Inner', async () => {
        await Promise.resolve()
        await waybill.fetch('/api/inner')
      })
      await waybill.fetch('/api/outer')
      await inner
    })
  })
  await page.click('text=Go')
  await calls(3)
  const { outer = [], inner = [] } = references()
  expect(new Set(outer).size).toBe(1)
  expect(outer).not.toContain(inner[0])
})

test('an abort does not put the aborter’s code under the aborted call', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    const controller = new AbortController()
    on('<button>Start</button>', 'click', async () => {
      await waybill.fetch('/api/slow?wait=3000', { signal: controller.signal }).catch(() => waybill.fetch('/api/after'))
    })
    on('<button>Cancel</button>', 'click', async () => {
      void waybill.fetch('/api/cancel')
      controller.abort()
      for (let i = 0; i < 4; i++) await Promise.resolve()
      await waybill.fetch('/api/cancelled')
    })
  })
  await page.click('text=Start')
  await calls(1)
  await page.click('text=Cancel')
  await calls(4)
  const { slow = [], cancel = [], cancelled, after } = references()
  expect(cancel).not.toEqual(slow)
  expect(cancelled).not.toEqual(slow)
  expect(after).not.toEqual(cancel)
})

test('shadow trees, code-made events and stopped propagation keep the user’s event', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    const host = on('<div></div>', 'nothing', () => {})
    const root = host.attachShadow({ mode: 'closed' })
    root.innerHTML = '<button data-waybill-action="Open shadow">Shadow</button>'
    root.querySelector('button')?.addEventListener('click', async (event) => {
      event.stopPropagation()
      await Promise.resolve()
      await waybill.fetch('/api/shadow')
      await waybill.fetch('/api/shadow')
    })
    const button = on('<button>Outer</button>', 'click', () => {
      void waybill.fetch('/api/outer')
      button.dispatchEvent(new CustomEvent('save'))
    })
    button.addEventListener('save', () => void waybill.fetch('/api/save'))
  })
  const box = await page.evaluate(() => {
    const { x, y } = document.querySelector('main div')?.getBoundingClientRect() ?? { x: 0, y: 0 }
    return { x: x + 10, y: y + 8 }
  })
  await page.mouse.click(box.x, box.y)
  await calls(2)
  await page.click('text=Outer')
  await calls(4)
  const { shadow = [], outer, save } = references()
  expect(new Set(shadow).size).toBe(1)
  expect(save).toEqual(outer)
  const actions = await page.evaluate(() => window.shop.waybill.session.actions())
  expect(actions.map(({ background }) => background)).toEqual([false, false])
})

test('a click that calls nothing leaves nothing behind, and an action starts when its event happened', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Idle</button>', 'click', () => void waybill.current())
    on('<button data-waybill-action="Request refund">Busy</button>', 'click', (event) => {
      const until = performance.now() + 60
      while (performance.now() < until);
      Object.assign(window, { eventAt: performance.timeOrigin + event.timeStamp })
      void waybill.fetch('/api/a')
    })
  })
  await page.click('text=Idle')
  await page.click('text=Busy')
  await calls(1)
  const { actions, eventAt } = await page.evaluate(() => ({
    actions: window.shop.waybill.session.actions(),
    eventAt: Number(Reflect.get(window, 'eventAt')),
  }))
  expect(actions).toHaveLength(1)
  expect(actions[0]?.name).toBe('Request refund')
  expect(Math.abs((actions[0]?.startedAt ?? 0) - eventAt)).toBeLessThan(10)
})
