// The door of the package @assent/react: what sites built with React use. Its code is lib/react.
export { AssentProvider } from '../../lib/react/assent-provider.tsx'
export type { AssentWindow } from '../../lib/react/assent-store.ts'
export { AssentAsk, AssentPreferences } from '../../lib/react/elements.tsx'
export { IfAllowed } from '../../lib/react/if-allowed.tsx'
export { useConsent } from '../../lib/react/use-consent.ts'
