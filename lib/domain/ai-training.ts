import type { PurposeKey } from './ids.ts'

/** AI training is asked for apart, everywhere: our rule, stricter than some laws. */
export const aiTraining = 'ai_training'

/** The purpose itself or one below it. */
export const isAiTraining = (purpose: PurposeKey): boolean =>
  purpose === aiTraining || purpose.startsWith(`${aiTraining}.`)

/** Said wherever the rule refuses something. */
export const whyAiTraining =
  'This is Assent’s own rule: what a model has learned cannot simply be taken out again, so AI training is never essential, never bundled, and always asked for apart.'
