import { decodeOtlp } from '@waybill/trail'
import { expect, test } from 'vitest'
import { inEveryBrowser } from '../fixtures/inEveryBrowser.ts'
import { mostBrowsersHere } from '../fixtures/openBrowser.ts'

inEveryBrowser(
  (shop) => {
    /** Has a listener on the page's button do it; its text is code, for it runs in the page. */
    const onClick = (go: () => unknown, type = 'click') =>
      shop.page.evaluate(
        ({ go, type }) => void window.shop.on('<button>Go</button>', type, () => void window.eval(`(${go})()`)),
        { go: String(go), type },
      )

    test.each([
      [
        'the first before the second',
        () => {
          void window.shop.waybill.fetch('/api/click/first')
          void window.checkout.fetch('/api/click/second')
        },
      ],
      [
        'the second before the first',
        () => {
          void window.checkout.fetch('/api/click/second')
          void window.shop.waybill.fetch('/api/click/first')
        },
      ],
      [
        'each going on after its own answer',
        () => {
          void window.shop.waybill.fetch('/api/click/first').then(() => window.shop.waybill.fetch('/api/click/third'))
          void window.checkout.fetch('/api/click/second').then(() => window.checkout.fetch('/api/click/fourth'))
        },
      ],
      [
        'the first looking only',
        () => {
          window.shop.waybill.current()
          void window.checkout.fetch('/api/click/second').then(() => window.checkout.fetch('/api/click/third'))
          void window.shop.waybill.current()?.fetch('/api/click/first')
        },
      ],
      [
        'the first with a handle',
        () => {
          void window.shop.waybill.begin('Pay').fetch('/api/click/first')
          void window.checkout.fetch('/api/click/second')
        },
      ],
      [
        'the second with a handle',
        () => {
          void window.shop.waybill.fetch('/api/click/first')
          void window.checkout.begin('Pay').fetch('/api/click/second')
        },
      ],
      [
        'each with a handle',
        () => {
          void window.shop.waybill.run('Pay', ({ fetch }) => fetch('/api/click/first'))
          void window.checkout.run('Pay', ({ fetch }) => fetch('/api/click/second'))
        },
      ],
    ])('two bundles in one click share its reference, %s', async (_, go) => {
      await onClick(go)
      await shop.page.click('text=Go')
      const count = /fourth/.test(String(go)) ? 4 : /third/.test(String(go)) ? 3 : 2
      const references = await shop.references(count)
      expect(new Set(Object.values(references).flat()).size).toBe(1)
      const known = await shop.page.evaluate(() =>
        [window.shop.waybill, window.checkout].map(({ session }) =>
          session.actions().map(({ reference }) => reference),
        ),
      )
      const reference = Object.values(references)[0]
      expect(known).toEqual([reference, reference])
    })

    test('another click has another reference, and what nobody’s click led to has one of its own in each', async () => {
      await onClick(() => {
        void window.shop.waybill.fetch('/api/one/first')
        void window.checkout.fetch('/api/one/second')
      })
      await shop.page.click('text=Go')
      await shop.page.evaluate(() => {
        document.querySelector('button')!.remove()
        void window.shop.waybill.fetch('/api/poll-one/first')
        void window.checkout.fetch('/api/poll-two/second')
      })
      await onClick(() => {
        void window.checkout.fetch('/api/two/second')
        void window.shop.waybill.fetch('/api/two/first')
      })
      await shop.page.click('text=Go')
      const seen = await shop.references(6)
      expect(new Set(Object.values(seen).flat()).size).toBe(4)
    })

    test('"Try again" in one is the same action in the other', async () => {
      await shop.page.evaluate(() => {
        const action = window.shop.waybill.begin('Pay')
        void action.fetch('/api/pay/first?status=503').then(() => action.fail())
        window.shop.on('<button>Again</button>', 'click', () => {
          action.retry()
          void action.fetch('/api/pay/first')
          void window.checkout.fetch('/api/pay/second')
        })
      })
      await expect.poll(() => shop.site.calls.length).toBe(1)
      await shop.page.click('text=Again')
      const seen = await shop.references(3)
      expect(new Set(Object.values(seen).flat()).size).toBe(1)
    })

    test('a second action that a click begins in a bundle has a reference of its own', async () => {
      await onClick(() => {
        void window.shop.waybill.begin('Pay').fetch('/api/pay/first')
        void window.shop.waybill.begin('Subscribe').fetch('/api/subscribe/first')
      })
      await shop.page.click('text=Go')
      const { 'pay/first': pay, 'subscribe/first': subscribe } = await shop.references(2)
      expect(pay).not.toEqual(subscribe)
    })

    test('a keydown, its click and the submit they cause are one action of both', async () => {
      await shop.page.evaluate(() => {
        const form = window.shop.on('<form><input><button>Send</button></form>', 'submit', (event) => {
          event.preventDefault()
          void window.checkout.fetch('/api/send/submit')
        })
        form.addEventListener('keydown', () => void window.shop.waybill.fetch('/api/send/keydown'))
      })
      await shop.page.press('input', 'Enter')
      const seen = await shop.references(2)
      expect(new Set(Object.values(seen).flat()).size).toBe(1)
    })

    test('the desk reads one trail of it, in which neither bundle ends what the other began', async () => {
      await onClick(() => {
        void window.shop.waybill.fetch('/api/click/first')
        void window.checkout.fetch('/api/click/second?hold&status=500')
      })
      await shop.page.click('text=Go')
      await expect.poll(() => shop.site.calls.length).toBe(2)
      const { reference } = (await shop.actions())[0]!
      const steps = () =>
        shop.site.collector.requests
          .flatMap(({ body }) => decodeOtlp(JSON.parse(body)).steps)
          .filter((step) => step.reference === reference)
      const ends = () => steps().filter(({ action, startedFor }) => action && !startedFor)
      // The first has ended before the other’s call is answered.
      await expect.poll(() => ends().length).toBe(1)
      shop.site.release()
      await expect.poll(() => ends().length).toBe(2)
      for (const { service, action, id } of ends()) {
        const calls = steps().filter((step) => step.parentId === id)
        const [name, state] = service === 'shop-web' ? ['first', 'succeeded'] : ['second', 'failed']
        expect([action, calls.map((call) => [call.name, call.service])]).toEqual([
          state,
          [[`GET /api/click/${name}`, service]],
        ])
      }
    })

    test('a version of which nothing is known is left alone', async () => {
      await shop.page.evaluate(() => {
        Reflect.set(window, Symbol.for('waybill.gesture.2'), 'unlike')
        const third = window.shop.createWaybill({ service: 'third' })
        window.shop.on('<button>Go</button>', 'click', () => {
          void third.fetch('/api/click/third')
          void window.checkout.fetch('/api/click/second')
        })
      })
      await shop.page.click('text=Go')
      const seen = await shop.references(2)
      expect(new Set(Object.values(seen).flat()).size).toBe(1)
      expect(await shop.page.evaluate(() => Reflect.get(window, Symbol.for('waybill.gesture.2')))).toBe('unlike')
    })

    /** A frame that fills the window below the page's own, with the page in it. */
    const openFrame = (address: string) =>
      shop.page.evaluate(async (address) => {
        const frame = document.createElement('iframe')
        frame.style.cssText = 'position: fixed; inset: 200px auto auto 0; width: 400px; height: 300px; border: 0'
        frame.src = address
        const isLoaded = new Promise((go) => frame.addEventListener('load', go))
        document.body.append(frame)
        await isLoaded
      }, address)

    test('a click in a frame and one around it are each one action of both windows, when they call one another', async () => {
      await openFrame('/framed')
      await shop.page.evaluate(async () => {
        const inner = frames[0] as Window & typeof globalThis
        inner.shop.on('<button style="position:fixed;inset:0">In</button>', 'click', () => {
          void window.shop.waybill.fetch('/api/inside/outer')
          void inner.shop.waybill.fetch('/api/inside/inner')
        })
        inner.eval(`document.querySelector('button').addEventListener('click', () => {
          parent.callOuter()
          void window.checkout.fetch('/api/inside/checkout')
        })`)
        Object.assign(window, { callOuter: () => void window.shop.waybill.fetch('/api/inside/called') })
        window.shop.on('<button>Out</button>', 'click', () => {
          void inner.checkout.fetch('/api/outside/inner')
          void window.shop.waybill.fetch('/api/outside/outer')
        })
      })
      await shop.page.clickAt(200, 300)
      await expect.poll(() => shop.site.calls.length).toBe(4)
      await shop.page.click('text=Out')
      const seen = await shop.references(6)
      expect(new Set(Object.values(seen).flat()).size).toBe(2)
      const starts = await shop.page.evaluate(() =>
        [window.shop.waybill, (frames[0] as Window).shop.waybill].map(({ session }) => session.actions()[0]!.startedAt),
      )
      expect(Math.abs(starts[0]! - starts[1]!)).toBeLessThan(1)
    })

    test('a frame that a click in it takes away leaves nothing to the next click, nor does one of another origin', async () => {
      await openFrame('/framed')
      await shop.page.evaluate(() => {
        const inner = frames[0] as Window & typeof globalThis
        inner.eval(`document.addEventListener('click', () => parent.takeAway())`)
        Object.assign(window, {
          takeAway() {
            void window.shop.waybill.fetch('/api/inside/outer')
            document.querySelector('iframe')!.remove()
            void window.checkout.fetch('/api/inside/checkout')
          },
        })
        window.shop.on('<button>Out</button>', 'click', () => void window.checkout.fetch('/api/outside/outer'))
      })
      await shop.page.clickAt(200, 300)
      await expect.poll(() => shop.site.calls.length).toBe(2)
      await openFrame(`${shop.site.otherOrigin}/framed`)
      await shop.page.click('text=Out')
      const seen = await shop.references(3)
      expect(seen['inside/outer']).toEqual(seen['inside/checkout'])
      expect(seen['outside/outer']).not.toEqual(seen['inside/outer'])
      expect(await shop.page.evaluate(() => window.shop.errors.map(String))).toEqual([])
    })
  },
  { scripts: ['pageScript.ts', 'checkoutPage.ts'], browsers: mostBrowsersHere() },
)
