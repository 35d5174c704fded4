/** @throws RangeError in words when it is none, or not from `least` to `most`. */
export function readNumber(
  name: string,
  text: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, whole = false }: NumberLimits = {},
): number {
  const plain = text.replaceAll(/(?<=\d)[_,](?=\d{3})/g, '')
  const value = /^\d+(\.\d+)?(e\d+)?$/.test(plain) ? Number(plain) : Number.NaN
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
  throw new RangeError(
    `--${name} must be a ${whole ? 'whole ' : ''}number from ${least.toLocaleString('en-GB')} to ${most.toLocaleString('en-GB')}.`,
  )
}

export interface NumberLimits {
  /** @default 0 */
  readonly least?: number | undefined
  readonly most?: number | undefined
  /** @default false */
  readonly whole?: boolean | undefined
}
