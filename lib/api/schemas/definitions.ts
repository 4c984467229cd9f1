import { z } from '@hono/zod-openapi'
import { assertionAlgorithms, assessmentKinds } from '../../domain/definitions.ts'
import { normalForms } from '../../domain/normal-form.ts'
import type { ItemKind } from '../../domain/release.ts'
import { text } from './fields.ts'

/** Words of a draft: they may still be missing, and the release's check says so. */
const words = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be plain text')
export const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, dashes and underscores')
const purposeKey = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62}){0,4}$/,
    'must be a purpose’s key, such as ai_training.fine_tuning',
  )
export const locale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 language tag')
export const version = z.int().min(1).max(1_000_000)
const localised = z.record(locale, words(5_000)).openapi({ description: 'By BCP 47 language tag.' })
const entries = (max: number) => z.array(text(255)).max(max)
const basis = z.enum([
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
])

const rule = z.strictObject({
  rule: z.enum(['opt_in', 'opt_out', 'notice_only', 'prohibited']),
  basis,
  optInBelowAge: z.int().min(1).max(120).optional(),
})

const regime = z
  .strictObject({
    key,
    name: words(500),
    rules: z.record(purposeKey, rule),
    fallback: rule,
    territories: z
      .array(text(10))
      .max(1_000)
      .optional()
      .openapi({ description: 'ISO 3166-1 countries and 3166-2 regions: DE, US-CA.' }),
    ageBands: z
      .strictObject({
        default: z.int().min(0).max(120),
        countries: z.record(
          z.string().regex(/^[A-Z]{2}$/, 'must be a country’s two letters'),
          z.int().min(0).max(120),
        ),
        unstated: z.enum(['capable', 'unknown']),
      })
      .nullable(),
    gpc: z.strictObject({ counts: z.boolean(), purposes: z.array(purposeKey).max(200) }),
    consentLifetimeDays: z.int().min(0).max(36_500),
  })
  .openapi('RegimeDefinition')

const purpose = z
  .strictObject({
    key: purposeKey,
    name: localised,
    description: localised,
    necessity: localised.optional(),
    categories: entries(200).default([]),
    recipients: entries(500).default([]),
    controllers: entries(200).default([]),
    transfers: entries(300).default([]),
    retentionDays: z.int().min(0).max(36_500).nullable(),
    saleOrSharing: z.boolean().default(false),
    needsCollectedAt: z.boolean().default(false),
    needsConfirmation: z.boolean().optional().openapi({
      description:
        'A yes counts only once it was confirmed by mail (double opt-in). Holds for its parts too, and for a yes that would cover it.',
    }),
    automatedDecisions: z.boolean().default(false),
    basis,
    dpv: entries(50).default([]),
    assessments: z
      .array(
        z.strictObject({
          kind: z.enum(assessmentKinds),
          title: words(500),
          url: words(2_000).optional(),
          reference: words(500).optional(),
          approvedOn: words(10).openapi({ example: '2026-11-23' }),
        }),
      )
      .max(50)
      .optional(),
    material: z
      .literal(true)
      .optional()
      .openapi({ description: 'People must be asked anew although nothing is wider. Never the reverse.' }),
  })
  .openapi('PurposeDefinition')

const noticePurpose = {
  purpose: text(255),
  coversEarlier: z
    .strictObject({ fromMs: z.int().min(0), sourcePurposes: z.array(text(255)).min(1).max(50) })
    .nullable()
    .default(null)
    .openapi({ description: 'Data collected before the consent that it covers as well.' }),
  explicitCategories: z.array(text(63)).max(50).default([]).openapi({
    description: 'Special categories (GDPR Art. 9) that it asks explicit consent for.',
  }),
}

const noticeText = (of: (max: number) => z.ZodType<string>, paragraphsMin: number) =>
  z.strictObject({
    title: of(500),
    body: z.array(of(20_000)).min(paragraphsMin).max(200),
    withdrawal: of(20_000),
    rights: of(20_000),
    controller: of(1_000),
    contact: of(1_000),
  })

const property = key
  .nullable()
  .openapi({ description: 'The one it reaches; null: the organisation.', example: null })

/** As it is published at once, with its version. */
export const noticeDefinition = z
  .strictObject({
    key: key.openapi({ example: 'starter' }),
    version: version.openapi({ description: 'The one after the last.', example: 2 }),
    property,
    purposes: z
      .array(z.strictObject({ ...noticePurpose, version }))
      .min(1)
      .max(200),
    texts: z.record(locale, noticeText(text, 1)).openapi({ description: 'By BCP 47 language tag.' }),
  })
  .openapi('NoticeDefinition')

const noticeDraft = z
  .strictObject({
    key,
    property,
    purposes: z
      .array(
        z.strictObject({
          ...noticePurpose,
          version: z
            .union([version, z.literal('next')])
            .openapi({ description: 'next: of the purpose that travels in the same release.' }),
        }),
      )
      .max(200),
    texts: z.record(locale, noticeText(words, 0)),
  })
  .openapi('NoticeDraft')

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #1b5f4b')
const colours = z.strictObject({ surface: colour, text: colour, button: colour, buttonText: colour })

const experience = z
  .strictObject({
    key,
    property: key,
    layout: z.enum(['bar', 'box', 'dialog']),
    notices: z.array(key).max(50),
    purposes: z.array(purposeKey).max(200),
    theme: z.strictObject({ light: colours, dark: colours }).optional(),
    texts: z.record(locale, z.strictObject({ accept: words(200), reject: words(200), choose: words(200) })),
    comparedTo: key
      .optional()
      .openapi({ description: 'Another experience of the property, shown in turn with this one.' }),
    askedBackOneIn: z.int().min(0).max(100).optional().openapi({
      description:
        'With `comparedTo`: of so many who answer for the first time, one is asked what she answered. 0: nobody; 5 if left out.',
    }),
  })
  .openapi('ExperienceDefinition')

const part = z.string().regex(/^[A-Za-z0-9_-]{1,2048}$/, 'must be base64url')
// A draft is stored: what is secret is turned away before it is.
const publicKey = z
  .strictObject(
    {
      kty: z.enum(['EC', 'OKP', 'RSA']),
      kid: text(255).optional(),
      crv: text(20).optional(),
      ...{ x: part.optional(), y: part.optional(), n: part.optional(), e: part.optional() },
      ...{ use: text(20).optional(), alg: text(20).optional() },
    },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? 'must be a public key and nothing else' : undefined,
    },
  )
  .openapi('PublicKey', {
    example: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  })

const identity = z
  .strictObject({
    namespace: text(32).openapi({ description: 'Of the ids it asserts.', example: 'user' }),
    algorithm: z.enum(assertionAlgorithms),
    publicKeys: z.array(publicKey).max(4).openapi({ description: 'More than one while the key changes.' }),
  })
  .openapi('IdentityDefinition', {
    description: 'How the host of a property says who its user is: a JWT signed by one of these keys.',
  })

const organisation = z
  .strictObject({
    key,
    name: words(500),
    regime: key,
    namespaces: z.record(z.string().max(32), z.enum(normalForms)).optional(),
    categories: z
      .array(
        z.strictObject({ key: text(63), name: localised, special: z.boolean(), fromDevice: z.boolean() }),
      )
      .max(500),
  })
  .openapi('OrganisationDefinition')

const assessment = z
  .strictObject({
    key: text(63),
    purpose: purposeKey,
    sourcePurposes: z.array(purposeKey).max(50),
    categories: entries(200),
    expiresAtMs: z.int().min(0).nullable(),
  })
  .openapi('AssessmentDefinition')

/** What a draft of each kind must look like. What it says may still be wrong; the release's check says what. */
export const drafts = {
  organisation,
  property: z
    .strictObject({
      ...{ key, name: words(500), origins: z.array(text(500)).max(200) },
      identity: identity.optional(),
      trainAi: z.enum(['y', 'n']).optional(),
    })
    .openapi('PropertyDefinition'),
  regime,
  purpose,
  assessment,
  notice: noticeDraft,
  experience,
  purpose_retirement: z.strictObject({ purpose: purposeKey }),
} as const satisfies Record<ItemKind, z.ZodType>
