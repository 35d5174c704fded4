/** Applies every stylesheet on the screen as a printer would; gives back what undoes it. */
export function showAsPrinted(): () => void {
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule)
  const before = rules.map(({ media }) => media.mediaText)
  for (const { media } of rules) {
    media.mediaText = media.mediaText.replace(/\b(print|screen)\b/g, (medium) =>
      medium === 'print' ? 'all' : 'not all',
    )
  }
  return () => rules.forEach(({ media }, at) => (media.mediaText = before[at]!))
}
