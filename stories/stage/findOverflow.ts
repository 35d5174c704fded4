/**
 * What a customer could not see without scrolling sideways, or not at all: elements that reach beyond the page's edges, or hold
 * more than they show. Empty is as it should be.
 */
export function findOverflow(root: Element): readonly string[] {
  const { clientWidth, scrollWidth } = document.documentElement
  const found = [...root.querySelectorAll<HTMLElement>('*')].filter((element) => !isOutOfSight(element))
  const beyond = found.filter((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    return width > 0 && (left < -ROUNDING || right > clientWidth + ROUNDING)
  })
  const cut = found.filter((element) => {
    const hides = getComputedStyle(element).overflowX !== 'visible'
    return hides && element.scrollWidth > element.clientWidth + ROUNDING
  })
  return [
    ...(scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide in ${clientWidth} px`] : []),
    ...beyond.map((element) => `${nameOf(element)} reaches beyond the page`),
    ...cut.map((element) => `${nameOf(element)} is cut off`),
  ]
}

/** Heard and not seen on purpose. */
function isOutOfSight(element: Element): boolean {
  return element.closest('[style*="clip-path"]') !== null
}

function nameOf(element: HTMLElement): string {
  const part = element.dataset['part'] ?? element.dataset['waybill'] ?? element.tagName.toLowerCase()
  return `"${part}" (${(element.textContent ?? '').trim().slice(0, 40)})`
}

/** Pixels that fractions of pixels may make of themselves. */
const ROUNDING = 1
