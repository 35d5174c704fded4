import { waybillRoute } from '@waybill/server/next'
import { notFound } from 'next/navigation'
import { waybill } from '../../../lib/waybill'

export const GET = waybillRoute(waybill, async () => notFound())
