import { expect, test } from 'vitest'
import { inEveryBrowser } from '../../fixtures/inEveryBrowser.ts'

inEveryBrowser(
  (shop) => {
    test('the doctor says once whether async functions are carried, and disturbs none', async () => {
      const said = await shop.page.evaluate(async () => {
        const { checkCarrying, on, sleep, waybill } = window.shop
        const said: string[] = []
        checkCarrying({ say: (message) => said.push(message), withinMs: 300 })
        on('<button>Pay</button>', 'click', async () => {
          await sleep(5)
          await waybill.fetch('/api/pay/a')
        })
        const until = performance.now() + 10_000
        while (said.length === 0 && performance.now() < until) await sleep(10)
        await sleep(400)
        return said
      })
      const message =
        shop.mode === 'carried'
          ? '[waybill] Async functions of this page are carried: a call behind any await keeps its reference.'
          : expect.stringMatching(
              /^\[waybill\] No async function of this page was seen to be carried in 300 ms\. .*@waybill\/carry/,
            )
      expect(said).toEqual([message])
      await shop.page.click('text=Pay')
      await shop.references(1)
      expect((await shop.actions()).map(({ background }) => background)).toEqual([shop.mode === 'plain'])
    })
  },
  { modes: ['plain', 'carried'] },
)
