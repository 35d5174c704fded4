import { TupleParam } from '@clickhouse/client'
import type { Reference } from '@waybill/reference'
import type { Alias } from '../aliasesOf.ts'
import type { ClickHouse } from './createClickHouse.ts'
import { inParts } from './inParts.ts'

/** Takes away what leads to a trail: `mask` from all answers, and `rewrite` from the bytes as well, which costs more. */
export async function dropAliases(clickHouse: ClickHouse, { reference, aliases, how }: DropOptions): Promise<void> {
  const drop = how === 'mask' ? 'DELETE FROM waybill_alias' : 'ALTER TABLE waybill_alias DELETE'
  for (const some of inParts(aliases, ({ kind, value }) => kind.length + 2 * value.length)) {
    await clickHouse.command(
      `${drop} WHERE value IN {values:Array(String)} AND ref = {reference:String} AND (kind, value) IN {pairs:Array(Tuple(String, String))}`,
      {
        reference,
        values: some.map(({ value }) => value),
        pairs: some.map(({ kind, value }) => new TupleParam([kind, value])),
      },
    )
  }
}

interface DropOptions {
  readonly reference: Reference
  readonly aliases: readonly Alias[]
  readonly how: 'mask' | 'rewrite'
}
