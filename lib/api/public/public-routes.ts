import { createSubjectTokens } from '../../auth/subject-tokens.ts'
import type { ApiDeps } from '../deps.ts'
import type { Route } from '../route.ts'
import { ageRoutes } from './age-routes.ts'
import { askedBackRoutes, createAskedBack } from './asked-back.ts'
import { createCallers } from './callers.ts'
import { choiceRoutes } from './choice-routes.ts'
import { confirmationRoutes } from './confirmation-routes.ts'
import { createConfirmations } from './confirmations.ts'
import { experienceRoutes } from './experience-routes.ts'
import { identityRoutes } from './identity-routes.ts'
import { reachRoutes } from './reach-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { signalRoutes } from './signals.ts'
import { UsedOnce } from './used-once.ts'

/**
 * What a browser may ask and say for its own device on one property. It acts by bearer tokens, never cookies; a
 * token is bound to property and origin, is minted only against what was served, and names no other device.
 */
export function publicRoutes(deps: ApiDeps): readonly Route[] {
  const tokens = createSubjectTokens({
    tokenKey: deps.keys.subjectToken,
    snapshotKey: deps.keys.snapshot,
    clock: deps.clock,
  })
  const callers = createCallers(deps, tokens)
  // A snapshot serves once, whatever it serves for.
  const shared = {
    chosen: new UsedOnce(deps.clock()),
    confirmations: createConfirmations(deps),
    askBack: createAskedBack(tokens),
  }
  return [
    ...signalRoutes(deps),
    ...experienceRoutes(deps, tokens, callers),
    ...choiceRoutes(deps, tokens, callers, shared),
    ...confirmationRoutes(deps, tokens, callers, shared),
    ...askedBackRoutes(deps, tokens, callers, new UsedOnce(deps.clock())),
    ...ageRoutes(deps, callers),
    ...identityRoutes(deps, tokens, callers),
    ...recordRoutes(deps, callers),
    ...reachRoutes(deps, tokens, callers),
  ]
}
