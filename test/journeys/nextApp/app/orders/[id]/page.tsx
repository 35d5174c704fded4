import { waybillComponent } from '@waybill/server/next'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { loadOrder } from '../../../lib/shop'
import { waybill } from '../../../lib/waybill'

async function Order({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  if (id === 'gone') notFound()
  if (id === 'moved') redirect('/')
  const { order } = await loadOrder(id)
  return (
    <h1>
      {order} under {waybill.current()?.reference}
    </h1>
  )
}
export default waybillComponent(waybill, Order, { headers })
