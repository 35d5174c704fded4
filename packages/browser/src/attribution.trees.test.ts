import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

inBothModes((shop) => {
  test('shadow trees, code-made events and stopped propagation keep the user’s event', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const host = on('<div></div>', 'nothing', () => {})
      const root = host.attachShadow({ mode: 'closed' })
      root.innerHTML = '<button data-waybill-action="Open shadow">Shadow</button>'
      root.querySelector('button')?.addEventListener('click', async (event) => {
        event.stopPropagation()
        await Promise.resolve()
        await waybill.fetch('/api/shadow/a')
        await waybill.fetch('/api/shadow/b')
      })
      const button = on('<button>Outer</button>', 'click', () => {
        void waybill.fetch('/api/outer/click')
        button.dispatchEvent(new CustomEvent('save'))
      })
      button.addEventListener('save', () => void waybill.fetch('/api/outer/save'))
    })
    const { x, y } = await shop.page.evaluate(() => {
      const { x, y } = document.querySelector('main div')?.getBoundingClientRect() ?? { x: 0, y: 0 }
      return { x: x + 10, y: y + 8 }
    })
    await shop.page.clickAt(x, y)
    await shop.references(2)
    await shop.page.click('text=Outer')
    await shop.references(4)
    expect((await shop.actions()).map(({ background }) => background)).toEqual([false, false])
  })

  test.each(['open', 'closed'] as const)('custom elements, one inside another, with %s shadow trees', async (mode) => {
    await shop.page.evaluate((mode) => {
      const { on, waybill } = window.shop
      customElements.define(
        'pay-button',
        class extends HTMLElement {
          connectedCallback(): void {
            const root = this.attachShadow({ mode })
            root.innerHTML = '<button style="width: 200px; height: 50px"><slot></slot></button>'
            root.querySelector('button')?.addEventListener('click', async () => {
              await new Promise<void>((go) => queueMicrotask(go))
              await waybill.fetch('/api/pay/button')
              // Rendered by the action, its own call is the action's.
              document.querySelector('main')?.append(document.createElement('pay-receipt'))
              this.dispatchEvent(new CustomEvent('paid', { bubbles: true, composed: true }))
            })
          }
        },
      )
      customElements.define(
        'pay-form',
        class extends HTMLElement {
          connectedCallback(): void {
            const root = this.attachShadow({ mode })
            root.innerHTML = '<pay-button>Pay</pay-button>'
            root.addEventListener('click', () => void waybill.fetch('/api/pay/form'))
          }
        },
      )
      customElements.define(
        'pay-receipt',
        class extends HTMLElement {
          connectedCallback(): void {
            void waybill.fetch('/api/pay/receipt')
          }
        },
      )
      on('<pay-form></pay-form>', 'paid', () => void waybill.fetch('/api/pay/paid'))
      document.addEventListener('click', () => void waybill.fetch('/api/pay/document'))
    }, mode)
    await shop.page.clickAt(60, 30)
    await shop.references(5)
    await shop.page.clickAt(60, 30)
    await expect.poll(() => shop.site.calls.length, { timeout: 10_000 }).toBe(10)
    expect(new Set(shop.site.calls.map(({ headers }) => headers['trace-reference'])).size).toBe(2)
  })

  test.each(['target', 'document', 'window'] as const)('a click stopped at the %s keeps its action', async (place) => {
    await shop.page.evaluate((place) => {
      const { on, waybill } = window.shop
      const button = on('<button>Pay</button>', 'click', (event) => {
        event.stopPropagation()
        void waybill.fetch('/api/pay/target')
      })
      const at = { target: button, document, window }[place]
      at.addEventListener(
        'click',
        async (event) => {
          event.stopImmediatePropagation()
          void waybill.fetch('/api/pay/stopped')
          await Promise.resolve()
          await waybill.fetch('/api/pay/a')
          await waybill.fetch('/api/pay/b')
        },
        { capture: true },
      )
    }, place)
    await shop.page.click('text=Pay')
    await shop.references(3)
    expect((await shop.actions()).map(({ background }) => background)).toEqual([false])
  })

  test.each([true, false])(
    'listeners that were at the window before the waybill are of the same click, stopped there: %s',
    async (isStopped) => {
      await shop.page.evaluate((isStopped) => {
        const { createWaybill, on } = window.shop
        const early = async (event: Event): Promise<void> => {
          if (isStopped) event.stopImmediatePropagation()
          void waybill.fetch('/api/pay/early')
          await Promise.resolve()
          await waybill.fetch('/api/pay/early-later')
          await waybill.fetch('/api/pay/early-after')
        }
        addEventListener('click', (event) => void early(event), { capture: true })
        const waybill = createWaybill({ service: 'late' })
        on('<button>Pay</button>', 'click', () => void waybill.fetch('/api/pay/target'))
      }, isStopped)
      await shop.page.click('text=Pay')
      await shop.references(isStopped ? 3 : 4)
    },
  )

  test('a frame with a waybill of its own keeps its clicks apart from the page’s', async () => {
    const frame = await shop.page.evaluate(async () => {
      const { on, waybill, sleep } = window.shop
      const element = on('<iframe src="/" style="width: 300px; height: 100px"></iframe>', 'nothing', () => {})
      const inside = element instanceof HTMLIFrameElement ? element.contentWindow : null
      if (!inside) throw new Error('The frame has no window.')
      while (!Reflect.has(inside, 'shop')) await sleep(5)
      const chain = async (traced: typeof waybill, who: string): Promise<void> => {
        for (let i = 0; i < 6; i++) await (await traced.fetch(`/api/${who}/${i}?wait=20`)).json()
      }
      inside.shop.on('<button>Inside</button>', 'click', () => chain(inside.shop.waybill, 'inside'))
      on('<button>Outside</button>', 'click', () => chain(waybill, 'outside'))
      const { x, y } = element.getBoundingClientRect()
      return { x: x + 30, y: y + 20 }
    })
    await shop.page.clickAt(frame.x, frame.y)
    await shop.page.click('text=Outside')
    const { 'inside/0': inside, 'outside/0': outside } = await shop.references(12)
    expect(inside).not.toEqual(outside)
  })

  test('a click inside a frame that calls by the page’s waybill is nobody’s, unless the page itself listens', async () => {
    const frame = await shop.page.evaluate(async () => {
      const { on, waybill, sleep } = window.shop
      Object.assign(window, {
        async fromFrame() {
          void waybill.fetch('/api/unsure/lost')
          const action = waybill.begin('Pay')
          await action.fetch('/api/pay/a')
          await sleep(5)
          await action.fetch('/api/pay/b')
        },
      })
      const button = '<button style="width: 200px; height: 50px" onclick="parent.fromFrame()">Inside</button>'
      const element = on(`<iframe style="width: 300px; height: 100px"></iframe>`, 'load', () => {
        const inside = element instanceof HTMLIFrameElement ? element.contentDocument : null
        inside?.addEventListener('keydown', async () => {
          await waybill.fetch('/api/listening/a')
          await waybill.fetch('/api/listening/b')
        })
      })
      element.setAttribute('srcdoc', button)
      on('<button>Outside</button>', 'click', async () => {
        for (let i = 0; i < 6; i++) await (await waybill.fetch(`/api/outside/${i}?wait=20`)).json()
      })
      const { x, y } = element.getBoundingClientRect()
      return { x: x + 30, y: y + 30 }
    })
    await shop.page.click('text=Outside')
    await shop.page.clickAt(frame.x, frame.y)
    await shop.references(9)
    await shop.page.keys('x')
    await shop.references(11)
  })

  test('a form and a checkbox in a shadow tree inside another are one action with their click or key', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const outer = on('<div></div>', 'nothing', () => {}).attachShadow({ mode: 'open' })
      outer.innerHTML = '<p></p>'
      const root = outer.querySelector('p')?.attachShadow({ mode: 'open' })
      if (!root) throw new Error('No tree.')
      const style = 'display:block;width:200px;height:40px;margin:0'
      root.innerHTML = `<form><input style="${style}"><button style="${style}">Send</button></form><input type="checkbox" style="${style}">`
      let sent = 0
      root.querySelector('button')?.addEventListener('click', () => void waybill.fetch(`/api/send-${sent}/click`))
      root.querySelector('form')?.addEventListener('submit', async (event) => {
        event.preventDefault()
        const action = `send-${sent++}`
        await waybill.fetch(`/api/${action}/a`)
        await waybill.fetch(`/api/${action}/b`)
      })
      const box = root.querySelector('[type=checkbox]')
      box?.addEventListener('change', async () => {
        await waybill.fetch('/api/box/a')
        await waybill.fetch('/api/box/b')
      })
    })
    const { x, y } = await shop.page.evaluate(() => {
      const { x, y } = document.querySelector('main div')?.shadowRoot?.querySelector('p')?.getBoundingClientRect() ?? {
        x: 0,
        y: 0,
      }
      return { x: x + 20, y: y + 20 }
    })
    await shop.page.clickAt(x, y + 40)
    await shop.references(3)
    await shop.page.clickAt(x, y)
    await shop.page.keys('Enter')
    await shop.references(6)
    await shop.page.clickAt(x + 80, y + 80)
    await shop.references(8)
    expect((await shop.actions()).map(({ background }) => background)).toEqual([false, false, false])
  })
})
