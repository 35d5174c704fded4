// Every component as a server renders it and a browser takes it over, and one crash; for a fresh app with any React.
import { createWaybill } from '@waybill/browser'
import { mailto } from '@waybill/browser/support'
import {
  Confirmation,
  ContactSupport,
  ErrorNotice,
  Receipt,
  ReceiptRow,
  ReferenceCode,
  SupportPanel,
  Toasts,
  useFailures,
  WaybillBoundary,
  WaybillProvider,
} from '@waybill/react'
import { ARABIC } from '@waybill/react/labels'
import '@waybill/react/styles.css'
import type { JSX, ReactNode } from 'react'
import { StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'

const waybill = createWaybill({ service: 'everything' })
const failed = waybill.begin('Request refund')
failed.fail(new Error('503'))
const { reference } = failed
const support = mailto({ to: 'help@shop.example' })

function Everything(): JSX.Element {
  const { failures, guard } = useFailures({ name: 'Save address' })
  return (
    <>
      <button onClick={guard(() => Promise.reject(new Error('not saved')))}>Save address</button>
      <ReferenceCode reference={reference} />
      <ErrorNotice reference={reference} title="Your refund was not requested." />
      <ErrorNotice variant="page" reference={reference} title="This page was not shown." />
      <Confirmation reference={reference} title="Refund requested" />
      <Confirmation state="pending" reference={reference} />
      <Receipt
        reference={reference}
        title="Receipt"
        at={new Date(0)}
        lookUpUrl={(code) => `https://shop.example/${code}`}
        labels={ARABIC}
      >
        <ReceiptRow label="Lamp">£48.00</ReceiptRow>
      </Receipt>
      <SupportPanel />
      <WaybillBoundary title="Not shown.">
        <p>Orders</p>
      </WaybillBoundary>
      <Toasts>
        {failures.map((failure) => (
          <ErrorNotice key={failure.id} variant="toast" title="Your address was not saved." {...failure} />
        ))}
      </Toasts>
    </>
  )
}

function Crash(): JSX.Element {
  throw new Error('the crash that belongs here')
}

const within = (children: ReactNode): JSX.Element => (
  <StrictMode>
    <WaybillProvider waybill={waybill} contact={<ContactSupport channel={support} />}>
      {children}
    </WaybillProvider>
  </StrictMode>
)

const main = document.body.appendChild(document.createElement('main'))
main.innerHTML = renderToString(within(<Everything />))
hydrateRoot(main, within(<Everything />), { onRecoverableError: (error) => console.error('hydration', error) })

const aside = document.body.appendChild(document.createElement('aside'))
createRoot(aside).render(
  within(
    <WaybillBoundary title="Your orders were not shown.">
      <Crash />
    </WaybillBoundary>,
  ),
)
