import { z } from '@hono/zod-openapi'
import { evaluationContext, resourceProperties } from './decisions.ts'
import { purpose, revision, text } from './fields.ts'

/** Results of a page. */
export const limitMax = 1_000
const limitDefault = 100

const properties = z.record(z.string(), z.unknown())
const page = z
  .looseObject({
    token: z.string().max(1_024).nullish().openapi({
      description: 'next_token of the page before, with the same entities; absent or empty for the first.',
    }),
    limit: z
      .int()
      .min(0)
      .nullish()
      .openapi({
        description: `Results of a page; ${limitDefault} without it, at most ${limitMax}.`,
      }),
  })
  .nullish()
  .transform((given) => ({
    token: given?.token ?? '',
    limit: Math.min(given?.limit ?? limitDefault, limitMax),
  }))

const type = text(64)
const searchedFor = z.looseObject({ type, properties: properties.nullish() })
const subject = z.looseObject({ type, id: text(512), properties: properties.nullish() })
const action = z.looseObject({ name: purpose, properties: properties.nullish() })
const resource = z.looseObject({ type, id: text(512), properties: resourceProperties.nullish() })
const context = evaluationContext.nullish()

/** AuthZEN Authorization API 1.0 §8: the entity searched for has a type, and an id that is ignored. */
export const subjectSearch = z
  .looseObject({ subject: searchedFor, action, resource, context, page })
  .openapi('SubjectSearchRequest')
export const actionSearch = z.looseObject({ subject, resource, context, page }).openapi('ActionSearchRequest')
export const resourceSearch = z
  .looseObject({
    ...{ subject, action },
    resource: z.looseObject({ type, properties: resourceProperties.nullish() }),
    ...{ context, page },
  })
  .openapi('ResourceSearchRequest')

const answer = (result: z.ZodType) =>
  z.object({
    page: z.object({
      next_token: z.string().openapi({ description: 'Empty after the last page.' }),
      count: z.int(),
    }),
    context: z.object({ revision }),
    results: z.array(result),
  })

export const subjectsFound = answer(z.object({ type: z.string(), id: z.string() })).openapi('SubjectsFound')
export const actionsFound = answer(z.object({ name: z.string() })).openapi('ActionsFound')
export const resourcesFound = answer(
  z.object({ type: z.string(), id: z.string(), properties: z.looseObject({ property: z.string() }) }),
).openapi('ResourcesFound')
