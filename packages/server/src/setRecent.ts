/** Sets a value in a map that keeps the `most` keys that were set last. */
export function setRecent<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  // Again at the end, so that the first is always the one that was not set for longest.
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) break
    map.delete(oldest)
  }
}
