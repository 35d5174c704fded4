import { WaybillBoundary, useWaybill } from '@waybill/react'
import { useEffect } from 'react'
import { useSession } from './api/useSession.ts'
import { Footer } from './layout/Footer.tsx'
import { Header } from './layout/Header.tsx'
import { OfflineBanner } from './layout/OfflineBanner.tsx'
import { Routes } from './routing/Routes.tsx'
import { usePlace } from './routing/usePlace.ts'

/** The whole shop: header, the page for the address, footer. */
export function App() {
  const { path } = usePlace()
  const waybill = useWaybill()
  const customerId = useSession().data?.customer.id

  useEffect(() => {
    if (customerId) waybill.identify(customerId)
  }, [waybill, customerId])

  return (
    <>
      <Header />
      <OfflineBanner />
      <WaybillBoundary key={path} title="This page could not be shown.">
        <Routes path={path} />
      </WaybillBoundary>
      <Footer />
    </>
  )
}
