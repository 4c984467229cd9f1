import type { Question } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { Revision } from '../../domain/revision.ts'
import { checkRequest } from '../schemas/decisions.ts'
import {
  asObject,
  invalid,
  type JsonObject,
  optionalCategories,
  optionalInstant,
  optionalRevision,
  optionalText,
  requiredText,
  subjectEntity,
  subjectText,
} from './members.ts'

export type Asked = {
  readonly question: Question
  readonly atLeast: Revision | null
  /** The run of a pipeline that asks. */
  readonly run: string | null
}

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
      ...statements(body.content_usage, '/content_usage'),
    },
    atLeast: optionalRevision(body.at_least, '/at_least'),
    run: optionalText(body.run, 128, '/run'),
  }
}

/** Reads an AuthZEN evaluation as `evaluationRequest` says. Throws as `readCheck`. */
export function readEvaluation(value: unknown): Asked {
  return readEntities(asObject(value, ''))
}

/** The same of an evaluation's members, wherever they stand. */
export function readEntities(members: {
  readonly subject?: unknown
  readonly action?: unknown
  readonly resource?: unknown
  readonly context?: unknown
}): Asked {
  const action = asObject(members.action, '/action')
  const resource = asObject(members.resource, '/resource')
  requiredText(resource.type, 64, '/resource/type')
  requiredText(resource.id, 512, '/resource/id')
  optionalObject(action.properties, '/action/properties')
  const properties = optionalObject(resource.properties, '/resource/properties')
  const context = optionalObject(members.context, '/context')
  if (context.at !== undefined) throw historical('/context/at')
  const subject = subjectEntity(members.subject, '/subject')
  optionalObject((members.subject as JsonObject).properties, '/subject/properties')
  return {
    question: {
      subjects: withOthers(subject, properties.subjects),
      purpose: requiredText(action.name, 255, '/action/name'),
      collectedAtMs: optionalInstant(properties.collected_at, '/resource/properties/collected_at'),
      demandsCollectedAt: false,
      property: optionalText(properties.property, 63, '/resource/properties/property'),
      categories: optionalCategories(properties.categories, '/resource/properties/categories'),
      recipient: optionalText(context.recipient, 255, '/context/recipient'),
      regime: optionalText(context.regime, 63, '/context/regime'),
      sourcePurpose: optionalText(properties.source_purpose, 255, '/resource/properties/source_purpose'),
      ...statements(properties.content_usage, '/resource/properties/content_usage'),
    },
    atLeast: optionalRevision(context.at_least, '/context/at_least'),
    run: optionalText(context.run, 128, '/context/run'),
  }
}

function statements(value: unknown, pointer: string): Pick<Question, 'contentUsage'> {
  if (value === undefined || value === null) return {}
  if (typeof value === 'string') return { contentUsage: [requiredText(value, 1_000, pointer)] }
  if (!Array.isArray(value) || value.length > 100)
    throw invalid('must be a text, or a list of at most 100', pointer)
  return { contentUsage: value.map((entry, at) => requiredText(entry, 1_000, `${pointer}/${at}`)) }
}

function withOthers(first: Identifier, value: unknown): Question['subjects'] {
  const pointer = '/resource/properties/subjects'
  if (value === undefined || value === null) return [first]
  if (!Array.isArray(value) || value.length > 100) throw invalid('must be a list of at most 100', pointer)
  return [first, ...value.map((entry, index) => subjectEntity(entry, `${pointer}/${index}`))]
}

const nothing: JsonObject = {}

export function optionalObject(value: unknown, pointer: string): JsonObject {
  return value === undefined || value === null ? nothing : asObject(value, pointer)
}

function historical(pointer: string): AssentError {
  return new AssentError('historical_not_supported', 'Questions about the past are not answered yet.', {
    pointer,
  })
}
