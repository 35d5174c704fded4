/** Parameters of a story that the docs show in a frame of its own: it acts, or changes the page around it. */
export function ownFrame(height: number) {
  return { docs: { story: { inline: false, height: `${height}px` } } } as const
}
