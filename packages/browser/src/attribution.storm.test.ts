import { expect, test } from 'vitest'
import { countCalls } from '../fixtures/countCalls.ts'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'
import { seededRandom } from '../fixtures/seededRandom.ts'

const CLICKS = 30
const SEED = 20_261

inBothModes((shop) => {
  test('a storm of overlapping clicks, handles, pollers, retries and aborts: no call is wrong, every pair is joined', async () => {
    await shop.page.evaluate(
      ({ clicks, seed }) => {
        const { on, seededRandom, sleep, waybill } = window.shop
        const running: Promise<unknown>[] = []
        const abortable: AbortController[] = []
        let clicked = 0

        const steps = (name: string, call: typeof fetch, random: () => number) => {
          const path = (what: string): string => `/api/${name}/${what}?wait=${Math.floor(random() * 60)}`
          return async (at: number): Promise<void> => {
            const kinds: (() => Promise<unknown>)[] = [
              async () => (await call(path(`${at}`))).json(),
              () => Promise.all([call(path(`${at}a`)), call(path(`${at}b`)).then((each) => each.text())]),
              async () => {
                const reader = (await call(path(`${at}`))).body?.getReader()
                while (!(await reader?.read())?.done);
              },
              async () => {
                for (let i = random() * 40; i > 0; i--) await Promise.resolve()
                await call(path(`${at}`))
              },
              async () => {
                while (!(await call(`/api/${name}/${at}?failures=2`)).ok);
              },
              async () => {
                const controller = new AbortController()
                abortable.push(controller)
                await call(`/api/${name}/${at}?wait=100`, { signal: controller.signal }).catch(() => {})
              },
              () => {
                abortable.shift()?.abort(random() < 0.5 ? undefined : new TypeError('superseded'))
                return Promise.resolve()
              },
              () => {
                setTimeout(() => void waybill.fetch(path(`lost${at}`)), random() * 20)
                return call(path(`${at}`))
              },
            ]
            await kinds[Math.floor(random() * kinds.length)]?.()
            await call(path(`${at}z`))
          }
        }

        on('<button>Act</button>', 'click', () => {
          const name = `click-${clicked}`
          const random = seededRandom(seed + clicked++)
          const step = steps(name, waybill.fetch, random)
          const act = async (): Promise<void> => {
            for (let at = 0; at < 5; at++) await step(at)
          }
          running.push(act())
        })

        async function hold(at: number): Promise<void> {
          const random = seededRandom(seed + 1000 + at)
          const action = waybill.begin(`held-${at}`)
          const held = steps(action.name, action.fetch, random)
          const inside = steps(action.name, waybill.fetch, random)
          for (let step = 0; step < 6; step++) {
            await sleep(random() * 30)
            if (step % 3 === 0) await held(step)
            if (step % 3 === 1) await action.run(() => waybill.fetch(`/api/${action.name}/${step}`))
            if (step % 3 === 2) await action.resume(() => inside(step))
          }
          action.succeed()
        }
        for (let at = 0; at < clicks; at++) running.push(hold(at))

        for (const every of [11, 17, 23]) {
          let tick = 0
          const timer = setInterval(() => {
            if (++tick === 40) clearInterval(timer)
            const name = `poll-${every}-${tick}`
            running.push(waybill.fetch(`/api/${name}/a`).then(() => waybill.fetch(`/api/${name}/b`)))
          }, every)
        }
        Object.assign(window, { running })
      },
      { clicks: CLICKS, seed: SEED },
    )
    const random = seededRandom(SEED)
    for (let at = 0; at < CLICKS; at++) {
      await shop.page.click('text=Act')
      if (random() < 0.3) await shop.page.keys('Tab')
    }
    await shop.page.evaluate(async () => {
      const running: Promise<unknown>[] = Reflect.get(window, 'running')
      for (let seen = 0; seen < running.length;) {
        seen = running.length
        await Promise.all(running)
        await window.shop.sleep(50)
      }
    })
    for (const [kind, start] of [
      ['drop-in', '/api/click-'],
      ['handles', '/api/held-'],
      ['pollers', '/api/poll-'],
    ] as const) {
      const { calls, pairs, joined } = countCalls(shop.site.calls.filter(({ path }) => path.startsWith(start)))
      const { wrong } = countCalls(shop.site.calls)
      const others = wrong.filter((each) => each.startsWith(start))
      console.log(
        `[attribution] ${shop.name}, ${shop.mode}, ${kind}: ${calls} calls, ${others.length} wrong, ${joined} of ${pairs} pairs joined`,
      )
      expect.soft(others).toEqual([])
      expect.soft(joined).toBe(pairs)
      expect.soft(pairs).toBeGreaterThan(100)
    }
  })
})
