import { expect, test } from 'vitest'
import { inEveryBrowser } from '../fixtures/inEveryBrowser.ts'

inEveryBrowser(
  (shop) => {
    test('effects and layout effects after a click are the click’s, and so is what they await', async () => {
      await shop.page.evaluate(() => {
        const { createElement, show, useEffect, useLayoutEffect, useState } = window.react
        const { waybill } = window.shop
        show(() => {
          const [order, setOrder] = useState(0)
          useLayoutEffect(() => {
            if (order) void waybill.fetch(`/api/open-${order}/layout`)
          }, [order])
          useEffect(() => {
            if (!order) return
            void (async () => {
              await (await waybill.fetch(`/api/open-${order}/effect`)).json()
              await waybill.fetch(`/api/open-${order}/after`)
            })()
          }, [order])
          return createElement('button', { onClick: () => setOrder(order + 1) }, 'Open')
        })
      })
      await shop.page.click('text=Open')
      await shop.references(3)
      await shop.page.click('text=Open')
      await shop.references(6)
      expect((await shop.actions()).map(({ background }) => background)).toEqual([false, false])
    })

    test('state set after a traced call renders in the action when flushed, and in a task that is nobody’s when not', async () => {
      await shop.page.evaluate(() => {
        const { createElement, show, useEffect, useState } = window.react
        const { waybill } = window.shop
        const Receipt = ({ of }: { of: string }): React.ReactElement => {
          useEffect(() => void waybill.fetch(`/api/${of}/receipt`), [of])
          return createElement('p', null, of)
        }
        show(() => {
          const [paid, setPaid] = useState<string[]>([])
          const [later, setLater] = useState('')
          useEffect(() => {
            if (later) void waybill.fetch(`/api/${later}/lost`)
          }, [later])
          const pay = async (name: string): Promise<void> => {
            await (await waybill.fetch(`/api/${name}/pay?wait=20`)).json()
            window.react.flushSync(() => setPaid((before) => [...before, name]))
            await waybill.fetch(`/api/${name}/after`)
            setLater(name)
          }
          const button = (name: string): React.ReactElement =>
            createElement('button', { key: name, onClick: () => void pay(name) }, name)
          return createElement(
            'div',
            null,
            button('left'),
            button('right'),
            ...paid.map((of) => createElement(Receipt, { key: `paid ${of}`, of })),
          )
        })
      })
      await shop.page.click('text=left')
      await shop.references(4)
      await shop.page.click('text=right')
      await shop.references(8)
    })

    test('transitions that call are the click’s: the call, and what follows it', async () => {
      await shop.page.evaluate(() => {
        const { createElement, show, useState, useTransition } = window.react
        const { waybill } = window.shop
        show(() => {
          const [isPending, startTransition] = useTransition()
          const [state, setState] = useState('none')
          const pay = (): void =>
            startTransition(async () => {
              await (await waybill.fetch('/api/pay/a')).json()
              await waybill.fetch('/api/pay/b')
              startTransition(() => setState('paid'))
              await waybill.fetch('/api/pay/c')
            })
          return createElement('button', { onClick: pay }, `Pay ${isPending ? 'pending' : state}`)
        })
      })
      await shop.page.click('button')
      await shop.references(3)
      expect((await shop.actions()).map(({ background }) => background)).toEqual([false])
    })

    test('a form’s action is the submit’s, pressed or by Enter, and each its own', async () => {
      await shop.page.evaluate(() => {
        const { createElement, show, useActionState } = window.react
        const { waybill } = window.shop
        let sent = 0
        show(() => {
          const [state, action] = useActionState(async (before: number) => {
            const at = sent++
            await (await waybill.fetch(`/api/send-${at}/a`)).json()
            await waybill.fetch(`/api/send-${at}/b`)
            return before + 1
          }, 0)
          return createElement(
            'form',
            { action },
            createElement('input', { name: 'q' }),
            createElement('button', null, `Send ${state}`),
          )
        })
      })
      await shop.page.click('button')
      await shop.references(2)
      await shop.page.press('input', 'Enter')
      await shop.references(4)
      expect((await shop.actions()).map(({ background }) => background)).toEqual([false, false])
    })

    test('a component that suspends on a call made by a click goes on as that action, beside a poller', async () => {
      await shop.page.evaluate(() => {
        const { createElement, show, startTransition, Suspense, use, useEffect, useState } = window.react
        const { waybill, sleep } = window.shop
        const Order = ({ loaded }: { loaded: Promise<unknown> }): React.ReactElement => {
          use(loaded)
          useEffect(() => void waybill.fetch('/api/shown/lost'), [loaded])
          return createElement('p', null, 'Order')
        }
        show(() => {
          const [loaded, setLoaded] = useState<Promise<unknown>>()
          const open = (): void => {
            const next = waybill.fetch('/api/open/a').then(async (response) => {
              await waybill.fetch('/api/open/b')
              return response.json()
            })
            startTransition(() => setLoaded(next))
          }
          const button = createElement('button', { onClick: open }, 'Open')
          const order = loaded && createElement(Suspense, { fallback: 'Loading' }, createElement(Order, { loaded }))
          return createElement('div', null, button, order)
        })
        void (async () => {
          for (let i = 0; i < 10; i++) {
            await waybill.fetch(`/api/poll-${i}/lost`)
            await sleep(4)
          }
        })()
      })
      await shop.page.click('text=Open')
      await shop.references(13)
    })
  },
  { scripts: ['reactPage.ts'], modes: ['plain', 'carried'] },
)
