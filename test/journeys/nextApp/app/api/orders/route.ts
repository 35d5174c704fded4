import { waybillRoute } from '@waybill/server/next'
import type { NextRequest } from 'next/server'
import { waybill } from '../../../lib/waybill'

export const GET = waybillRoute(waybill, (request: NextRequest) => {
  return Response.json([request.nextUrl.pathname, waybill.current()?.reference])
})
