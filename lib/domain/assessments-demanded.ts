import { isAiTraining } from './ai-training.ts'
import type { AssessmentKind, OrganisationDefinition, PurposeDefinition } from './definitions.ts'

export type AssessmentDemanded = {
  readonly kind: AssessmentKind
  /** What about the purpose demands it. */
  readonly because: string
  readonly source: string
}

/**
 * The assessments without which a purpose is not published in a release, with what demands each. Where more than one
 * thing demands a kind, each is named.
 */
export function assessmentsDemanded(
  organisation: OrganisationDefinition,
  purpose: PurposeDefinition,
): readonly AssessmentDemanded[] {
  const { key, basis, transfers, automatedDecisions, categories } = purpose
  const special = organisation.categories.filter((each) => each.special && categories.includes(each.key))
  const demanded: AssessmentDemanded[] = []
  if (basis === 'legitimate_interests') {
    demanded.push({
      kind: 'legitimate_interests',
      because: 'It rests on legitimate interests, which are weighed against those of the people.',
      source: 'GDPR Art. 6(1)(f)',
    })
  }
  if (transfers.length > 0) {
    demanded.push({
      kind: 'transfer',
      because: `Data goes to ${transfers.join(', ')}.`,
      source: 'GDPR Art. 44–46',
    })
  }
  if (isAiTraining(key)) {
    demanded.push({
      kind: 'dpia',
      because: 'It trains AI models, a new technology, on what people did.',
      source: 'GDPR Art. 35(1)',
    })
  }
  if (automatedDecisions) {
    demanded.push({
      kind: 'dpia',
      because: 'It decides about people automatically.',
      source: 'GDPR Art. 35(3)(a)',
    })
  }
  if (special.length > 0) {
    demanded.push({
      kind: 'dpia',
      because: `It uses special categories of data: ${special.map((each) => each.key).join(', ')}.`,
      source: 'GDPR Art. 35(3)(b)',
    })
  }
  return demanded
}

/** Those of them that the purpose does not link. */
export function assessmentsLacking(
  organisation: OrganisationDefinition,
  purpose: PurposeDefinition,
): readonly AssessmentDemanded[] {
  const linked = new Set((purpose.assessments ?? []).map(({ kind }) => kind))
  return assessmentsDemanded(organisation, purpose).filter(({ kind }) => !linked.has(kind))
}
