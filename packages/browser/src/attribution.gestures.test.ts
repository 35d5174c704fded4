import { expect, test } from 'vitest'
import { inBothModes } from '../fixtures/inEveryBrowser.ts'

inBothModes((shop) => {
  test('a double click is two actions', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Pay</button>', 'click', () => void waybill.fetch('/api/a').then(() => waybill.fetch('/api/b')))
    })
    await shop.page.dblclick('text=Pay')
    const { a = [], b = [] } = await shop.references(4)
    expect(new Set(a).size).toBe(2)
    expect(new Set(b)).toEqual(new Set(a))
  })

  test('Enter in a form is one action: the keydown, its click and its submit', async () => {
    await shop.page.evaluate(() => {
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
    await shop.page.type('input', 'x')
    await shop.page.press('input', 'Enter')
    await shop.references(4)
    await shop.page.press('input', 'Enter')
    const { keydown = [], click, submit } = await shop.references(7)
    expect(click).toEqual(keydown)
    expect(submit).toEqual(keydown)
    expect(new Set(keydown).size).toBe(2)
  })

  test('a form sent by its button is one action, and so is one that code sends by requestSubmit', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<form><button name="b">Send</button></form>', 'submit', async (event) => {
        event.preventDefault()
        await waybill.fetch('/api/send/submit')
        await waybill.fetch('/api/send/after')
      }).addEventListener('click', () => void waybill.fetch('/api/send/click'))
      const form = on('<form><input></form>', 'submit', (event) => {
        event.preventDefault()
        void waybill.fetch('/api/request/submit')
      })
      on('<button>Request</button>', 'click', async () => {
        if (form instanceof HTMLFormElement) form.requestSubmit()
        await waybill.fetch('/api/request/checked')
        if (form instanceof HTMLFormElement) form.requestSubmit()
      })
    })
    await shop.page.click('text=Send')
    await shop.references(3)
    await shop.page.click('text=Request')
    await shop.references(6)
  })

  test('typing is an action for each key', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<input>', 'input', () => void waybill.fetch('/api/search'))
    })
    await shop.page.type('input', 'abc')
    expect(new Set((await shop.references(3))['search']).size).toBe(3)
  })

  test('a debounced search is nobody’s, and with a handle it is the last key’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let pending: ReturnType<typeof setTimeout> | undefined
      const debounced = (fn: () => void): void => {
        clearTimeout(pending)
        pending = setTimeout(fn, 300)
      }
      on('<input id="bare">', 'input', () => debounced(() => void waybill.fetch('/api/bare/lost')))
      on('<input id="held">', 'input', ({ target }) => {
        const action = waybill.begin(target instanceof HTMLInputElement ? target.value : '')
        void action.fetch(`/api/${action.name}/typed`)
        debounced(() => void action.fetch(`/api/${action.name}/search`))
      })
    })
    await shop.page.type('#bare', 'ab')
    await shop.references(1)
    await shop.page.type('#held', 'ab')
    const { 'ab/search': search } = await shop.references(4)
    expect(search).toHaveLength(1)
  })

  test('a label’s click and the change it makes are one action', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const label = on(
        '<label>Gift <input type="checkbox"></label>',
        'change',
        () => void waybill.fetch('/api/gift/change'),
      )
      label.addEventListener('click', ({ target }) => {
        void waybill.fetch(`/api/gift/click-${target instanceof HTMLInputElement ? 'input' : 'label'}`)
      })
    })
    await shop.page.clickAt(20, 16)
    await shop.references(3)
  })

  test('Space on a button is one action: letting go and the click', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const button = on('<button>Pay</button>', 'click', async () => {
        await waybill.fetch('/api/pay/click')
        await waybill.fetch('/api/pay/after')
      })
      button.addEventListener('keyup', () => void waybill.fetch('/api/pay/keyup'))
    })
    await shop.page.press('button', 'Space')
    await shop.references(3)
  })

  // WebKit's driver has no touch screen.
  test.skipIf(shop.name === 'webkit')('a tap’s touch and its click are the customer’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const button = on('<button>Pay</button>', 'click', async () => {
        await waybill.fetch('/api/tap/click')
        await waybill.fetch('/api/tap/after')
      })
      button.addEventListener('pointerdown', () => void waybill.fetch('/api/touch/pointer'))
      button.addEventListener('touchstart', async () => {
        await waybill.fetch('/api/touch/start')
        await waybill.fetch('/api/touch/after')
      })
    })
    await shop.page.tap?.('button')
    await shop.references(5)
    expect((await shop.actions()).filter(({ background }) => background)).toEqual([])
  })

  test('pasting and cutting are the customer’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<input id="from" value="4111">', 'cut', () => void waybill.fetch('/api/cut'))
      on('<input id="to">', 'paste', async ({ target }) => {
        await waybill.fetch('/api/paste/check')
        await waybill.fetch(`/api/paste/${target instanceof HTMLInputElement ? target.value : ''}`)
      })
    })
    await shop.page.press('#from', 'ControlOrMeta+A')
    await shop.page.press('#from', 'ControlOrMeta+X')
    await shop.references(1)
    await shop.page.press('#to', 'ControlOrMeta+V')
    await shop.references(3)
    expect(shop.site.calls.at(-1)?.path).toBe('/api/paste/4111')
    expect((await shop.actions()).map(({ background }) => background)).toEqual([false, false])
  })

  test('what is dropped is the customer’s', async () => {
    const { drag } = shop.page
    // Firefox's driver begins a drag and never drops: the event is then made by hand, and is nobody's.
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<div id="from" draggable="true">Parcel</div>', 'dragstart', (event) => {
        if (event instanceof DragEvent) event.dataTransfer?.setData('text/plain', 'parcel')
      })
      const target = on('<div id="to">Basket</div>', 'drop', async (event) => {
        event.preventDefault()
        const what = event.isTrusted ? 'kept' : 'lost'
        await waybill.fetch(`/api/drop/${what}-1`)
        await waybill.fetch(`/api/drop/${what}-2`)
      })
      target.addEventListener('dragover', (event) => event.preventDefault())
    })
    if (drag) await drag('#from', '#to')
    else await shop.page.evaluate(() => document.querySelector('#to')?.dispatchEvent(new DragEvent('drop')))
    const seen = Object.values(await shop.references(2)).flat()
    expect(new Set(seen).size).toBe(1)
  })

  test('a route change by a link is the click’s; by going back it is nobody’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const render = async (what: string): Promise<void> => {
        await waybill.fetch(`/api${location.pathname}/${what}1`)
        await waybill.fetch(`/api${location.pathname}/${what}2`)
      }
      history.replaceState(null, '', '/home')
      on('<a href="/orders">Orders</a>', 'click', (event) => {
        event.preventDefault()
        history.pushState(null, '', '/orders')
        void render('page')
      })
      addEventListener('popstate', () => void render('lost'))
    })
    await shop.page.click('text=Orders')
    await shop.references(2)
    await shop.page.back()
    await shop.references(4)
  })

  test('a click made by code is nobody’s in a timer, and the customer’s inside a customer’s click', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const timed = on('<button>Timed</button>', 'click', () => void waybill.fetch('/api/robot/lost'))
      const inner = on('<button>Inner</button>', 'click', async () => {
        void waybill.fetch('/api/pay/inner')
        await Promise.resolve()
        await waybill.fetch('/api/pay/inner-later')
      })
      inner.addEventListener('save', () => void waybill.fetch('/api/pay/saved'))
      on('<button>Pay</button>', 'click', async () => {
        void waybill.fetch('/api/pay/a')
        if (inner instanceof HTMLElement) inner.click()
        await waybill.fetch('/api/pay/b')
        inner.dispatchEvent(new CustomEvent('save'))
      })
      setTimeout(() => timed.dispatchEvent(new MouseEvent('click', { bubbles: true })))
    })
    await shop.references(1)
    await shop.page.click('text=Pay')
    await shop.references(6)
  })

  test('a form that a timer sends just after a busy click is not the click’s', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      let saves = 0
      const form = on('<form></form>', 'submit', (event) => {
        event.preventDefault()
        void waybill.fetch(`/api/save${saves++}/1`)
      })
      const button = on('<button>Pay</button>', 'click', () => {
        void waybill.fetch('/api/pay/1')
        const until = performance.now() + 50
        while (performance.now() < until);
      })
      const autosave = (): void => {
        if (form instanceof HTMLFormElement) form.requestSubmit()
      }
      // Due before anything that the click itself may put on a timer.
      button.addEventListener('pointerup', () => {
        for (let ms = 0; ms < 20; ms += 2) setTimeout(autosave, ms)
      })
    })
    await shop.page.click('text=Pay')
    await shop.references(11)
  })

  test('a click that calls nothing leaves nothing behind, and an action starts when its event happened', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<button>Idle</button>', 'click', () => void waybill.current())
      on('<button data-waybill-action="Request refund">Busy</button>', 'click', (event) => {
        const until = performance.now() + 60
        while (performance.now() < until);
        Object.assign(window, { eventAt: performance.timeOrigin + event.timeStamp })
        void waybill.fetch('/api/a')
      })
    })
    await shop.page.click('text=Idle')
    await shop.page.click('text=Busy')
    await shop.references(1)
    const actions = await shop.actions()
    const eventAt = await shop.page.evaluate(() => Number(Reflect.get(window, 'eventAt')))
    expect(actions).toHaveLength(1)
    expect(actions[0]?.name).toBe('Request refund')
    expect(Math.abs((actions[0]?.startedAt ?? 0) - eventAt)).toBeLessThan(10)
  })

  test('what a click’s listener brings about is the click’s: forms sent by code, after a call or one after the other', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      const send = (name: string): HTMLFormElement => {
        const form = on('<form></form>', 'submit', (event) => {
          event.preventDefault()
          void waybill.fetch(`/api/order/${name}`)
        })
        if (!(form instanceof HTMLFormElement)) throw new Error('No form.')
        return form
      }
      const forms = ['one', 'two'].map(send)
      const box = on('<input type="checkbox">', 'change', () => void waybill.fetch('/api/order/change'))
      on('<button data-waybill-action="Order">Order</button>', 'click', () => {
        void waybill.fetch('/api/order/first')
        for (const form of forms) form.requestSubmit()
        if (box instanceof HTMLElement) box.click()
        void waybill.fetch('/api/order/last')
      })
    })
    await shop.page.click('text=Order')
    await shop.references(5)
    expect((await shop.actions()).map(({ name }) => name)).toEqual(['Order'])
  })

  test('Enter in a field outside its form is one action', async () => {
    await shop.page.evaluate(() => {
      const { on, waybill } = window.shop
      on('<form id="f"></form>', 'submit', (event) => {
        event.preventDefault()
        void waybill.fetch('/api/go/submit')
      })
      on('<input form="f">', 'keydown', () => void waybill.fetch('/api/go/keydown'))
    })
    await shop.page.press('input', 'Enter')
    await shop.references(2)
  })

  test.each([
    ['dblclick', '<button id="at">x</button>'],
    ['reset', '<form><input type="reset" id="at"></form>'],
    ['keypress', '<input id="at">'],
    ['beforeinput', '<input id="at">'],
  ])('a %s is the customer’s', async (type, html) => {
    await shop.page.evaluate(
      ([type = '', html = '']) => {
        const { on, waybill } = window.shop
        on(html, type, () => {
          void waybill.fetch('/api/it/a')
          void waybill.fetch('/api/it/b')
        })
      },
      [type, html],
    )
    if (type === 'dblclick') await shop.page.dblclick('#at')
    else if (type === 'reset') await shop.page.click('#at')
    else await shop.page.type('#at', 'a')
    await shop.references(2)
    expect((await shop.actions()).map(({ background }) => background)).toEqual([false])
  })
})
