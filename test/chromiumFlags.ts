/** What Playwright turns off. A second `--disable-features` takes the place of the first, so ours has to name it as well. */
const OFF_IN_PLAYWRIGHT: readonly string[] = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'msEdgeUpdateLaunchServicesPreferredVersion',
  'msForceBrowserSignIn',
]

/** Pages of the browser's own that it would load, each in a process of its own, for every new window: half of what a window costs. */
const OFF_FOR_SPEED: readonly string[] = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** The flag for Chromium without these features; of several the last one counts. */
export function withoutFeatures(...features: readonly string[]): string {
  return `--disable-features=${[...OFF_IN_PLAYWRIGHT, ...OFF_FOR_SPEED, ...features].join(',')}`
}

/** Flags that keep Chromium to the page under test: no sandbox under root, no calls home. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  withoutFeatures(),
]
