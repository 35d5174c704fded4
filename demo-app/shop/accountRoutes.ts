import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { SCHEMA } from '../database/schema.ts'
import type { Shop, ShopEnv } from './Shop.ts'

const signUp = z.object({ name: z.string().trim().min(1).max(80), email: z.email().max(200) })

/** Who the visitor is, and signing up. */
export function accountRoutes({ pool, waybill, database, deskUrl, log }: Shop): Hono<ShopEnv> {
  const customerOf = async (id: string) => {
    const { rows } = await pool.query<{ name: string; signed_up_at: Date | null }>(
      `SELECT name, signed_up_at FROM ${SCHEMA}.customers WHERE id = $1`,
      [id],
    )
    return { id, name: rows[0]?.name ?? '', signedUp: Boolean(rows[0]?.signed_up_at) }
  }

  return new Hono<ShopEnv>()
    .get('/session', async (context) =>
      context.json({ customer: await customerOf(context.get('customerId')), deskUrl }),
    )
    .post('/sign-up', async (context) => {
      const parsed = signUp.safeParse(await context.req.json().catch(() => undefined))
      if (!parsed.success) {
        waybill.effect('none')
        const fields = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
        return waybill.problem({
          status: 422,
          type: '/problems/invalid',
          title: 'The form is not complete.',
          errors: [
            ...(fields.has('name') ? [{ pointer: '#/name', detail: 'Enter your name.' }] : []),
            ...(fields.has('email')
              ? [{ pointer: '#/email', detail: 'Enter an e-mail address, such as name@example.com.' }]
              : []),
          ],
        })
      }
      const { name, email } = parsed.data
      const id = context.get('customerId')
      const written = await database.transaction('write the account', async (client) => {
        const { rowCount } = await client.query(
          `UPDATE ${SCHEMA}.customers SET name = $2, email_hash = $3, signed_up_at = now()
           WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM ${SCHEMA}.customers WHERE email_hash = $3 AND id <> $1)`,
          // This shop sends no mail: it only has to know the address again.
          [id, name, createHash('sha256').update(email.toLowerCase()).digest('hex')],
        )
        return rowCount === 1
      })
      if (!written) {
        waybill.effect('none')
        return waybill.problem({
          status: 409,
          type: '/problems/account-exists',
          title: 'There is an account with this e-mail address already.',
          errors: [{ pointer: '#/email', detail: 'Use another address.' }],
        })
      }
      waybill.effect('done')
      log.info({ customer: id }, 'account opened')
      return context.json({ customer: await customerOf(id) }, 201)
    })
}
