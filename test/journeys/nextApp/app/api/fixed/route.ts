import { waybillRoute } from '@waybill/server/next'
import { waybill } from '../../../lib/waybill'

export const dynamic = 'force-static'
export const GET = waybillRoute(waybill, () => Response.json({ reference: waybill.current()?.reference ?? null }))
