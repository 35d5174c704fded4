import { createContext, useContext } from 'react'
import type { ShopApi } from './createShopApi.ts'

export const ShopApiContext = createContext<ShopApi | undefined>(undefined)

/** The API of the shop this component is in. */
export function useShopApi(): ShopApi {
  const api = useContext(ShopApiContext)
  if (!api) throw new Error('This component needs a ShopApiContext above it.')
  return api
}
