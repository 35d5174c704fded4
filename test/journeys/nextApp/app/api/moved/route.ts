import { waybillRoute } from '@waybill/server/next'
import { redirect } from 'next/navigation'
import { waybill } from '../../../lib/waybill'

export const GET = waybillRoute(waybill, async () => redirect('/'))
