import type { Question } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Revision } from '../../domain/revision.ts'
import { checkRequest } from '../schemas/decisions.ts'
import {
  asObject,
  invalid,
  optionalCategories,
  optionalInstant,
  optionalRevision,
  optionalText,
  requiredText,
  subjectEntity,
  subjectText,
} from './members.ts'

export type Asked = { readonly question: Question; readonly atLeast: Revision | null }

const checkMembers: ReadonlySet<string> = new Set(Object.keys(checkRequest.shape))

function unknownMember(name: string): AssentError {
  if (name === 'at') return historical('/at')
  return invalid('is not a member of this question', `/${name}`)
}

/** Reads the body of `POST /v1/check` as `checkRequest` says. Throws `body_invalid`, `identifier_invalid`. */
export function readCheck(value: unknown): Asked {
  const body = asObject(value, '')
  for (const name in body) if (!checkMembers.has(name)) throw unknownMember(name)
  return {
    question: {
      subjects: [subjectText(body.subject, '/subject')],
      purpose: requiredText(body.purpose, 255, '/purpose'),
      collectedAtMs: optionalInstant(body.collected_at, '/collected_at'),
      demandsCollectedAt: false,
      property: optionalText(body.property, 63, '/property'),
      categories: optionalCategories(body.categories, '/categories'),
      recipient: optionalText(body.recipient, 255, '/recipient'),
      regime: optionalText(body.regime, 63, '/regime'),
      sourcePurpose: optionalText(body.source_purpose, 255, '/source_purpose'),
    },
    atLeast: optionalRevision(body.at_least, '/at_least'),
  }
}

/** Reads an AuthZEN evaluation as `evaluationRequest` says. Throws as `readCheck`. */
export function readEvaluation(value: unknown): Asked {
  const body = asObject(value, '')
  const action = asObject(body.action, '/action')
  const resource = asObject(body.resource, '/resource')
  requiredText(resource.type, 64, '/resource/type')
  requiredText(resource.id, 512, '/resource/id')
  optionalObject(action.properties, '/action/properties')
  const properties = optionalObject(resource.properties, '/resource/properties')
  const context = optionalObject(body.context, '/context')
  if (context.at !== undefined) throw historical('/context/at')
  const subject = subjectEntity(body.subject, '/subject')
  optionalObject(asObject(body.subject, '/subject').properties, '/subject/properties')
  return {
    question: {
      subjects: [subject, ...otherSubjects(properties.subjects)],
      purpose: requiredText(action.name, 255, '/action/name'),
      collectedAtMs: optionalInstant(properties.collected_at, '/resource/properties/collected_at'),
      demandsCollectedAt: false,
      property: optionalText(properties.property, 63, '/resource/properties/property'),
      categories: optionalCategories(properties.categories, '/resource/properties/categories'),
      recipient: optionalText(context.recipient, 255, '/context/recipient'),
      regime: optionalText(context.regime, 63, '/context/regime'),
      sourcePurpose: optionalText(properties.source_purpose, 255, '/resource/properties/source_purpose'),
    },
    atLeast: optionalRevision(context.at_least, '/context/at_least'),
  }
}

function otherSubjects(value: unknown): Question['subjects'] {
  const pointer = '/resource/properties/subjects'
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > 100) throw invalid('must be a list of at most 100', pointer)
  return value.map((entry, index) => subjectEntity(entry, `${pointer}/${index}`))
}

function optionalObject(value: unknown, pointer: string) {
  return value === undefined || value === null ? {} : asObject(value, pointer)
}

function historical(pointer: string): AssentError {
  return new AssentError('historical_not_supported', 'Questions about the past are not answered yet.', {
    pointer,
  })
}
