import type { Hop } from '@waybill/trail'
import type { FactLink, Owner } from '../lookup/Match.ts'

/**
 * Says who looks after what, and where facts can be looked at.
 *
 * @throws TypeError when an entry is wrong.
 */
export function createDirectory({ owners = [], factLinks = {} }: DirectoryOptions = {}): Directory {
  void owners
  void factLinks
  return { ownerOf: () => null, linkTo: () => null }
}

export interface DirectoryOptions {
  /** The first entry that fits counts. @default nobody */
  readonly owners?: readonly OwnerEntry[] | undefined
  /** By a fact's name the address at which its value is shown, such as `https://admin.shop.example/orders/{value}`. @default none */
  readonly factLinks?: Readonly<Record<string, string>> | undefined
}

/** An owner, and what they look after; an entry with neither service nor hop fits everything. */
export interface OwnerEntry {
  readonly service?: string | undefined
  readonly hop?: Hop | undefined
  readonly name: string
  readonly contact?: string | undefined
  readonly url?: string | undefined
}

export interface Directory {
  ownerOf(place: { readonly service: string; readonly hop: Hop }): Owner | null
  linkTo(name: string, value: string): FactLink | null
}
