import { createSubjectTokens } from '../../auth/subject-tokens.ts'
import type { ApiDeps } from '../deps.ts'
import type { Route } from '../route.ts'
import { createCallers } from './callers.ts'
import { choiceRoutes } from './choice-routes.ts'
import { experienceRoutes } from './experience-routes.ts'
import { identityRoutes } from './identity-routes.ts'
import { reachRoutes } from './reach-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { signalRoutes } from './signals.ts'

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
  return [
    ...signalRoutes(deps),
    ...experienceRoutes(deps, tokens, callers),
    ...choiceRoutes(deps, tokens, callers),
    ...identityRoutes(deps, tokens, callers),
    ...recordRoutes(deps, callers),
    ...reachRoutes(deps, tokens, callers),
  ]
}
