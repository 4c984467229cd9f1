import type { AgeBands, LegalBasis, RegimeDefinition, RegimeRule, RuleKind } from '../domain/definitions.ts'
import { gdprTerritories } from './gdpr-territories.ts'

const rule = (kind: RuleKind, basis: LegalBasis): RegimeRule => ({ rule: kind, basis })

const optIn = rule('opt_in', 'consent')

/** Analytics and personalization may run unless refused; a child must be asked (CCPA §1798.120(c)). */
const optOut: RegimeRule = { rule: 'opt_out', basis: 'legitimate_interests', optInBelowAge: 16 }

const service = rule('notice_only', 'contract')

/**
 * Ages of consent to information society services (GDPR Art. 8(1) and national law): 16 unless the country
 * lowered it.
 */
const gdprAges: AgeBands = {
  default: 16,
  countries: {
    AT: 14,
    BE: 13,
    BG: 14,
    CY: 14,
    CZ: 15,
    DK: 15,
    EE: 13,
    ES: 14,
    FI: 13,
    FR: 15,
    GB: 13,
    GR: 15,
    IS: 13,
    IT: 14,
    LT: 14,
    LV: 13,
    MT: 13,
    NO: 13,
    PT: 13,
    SE: 13,
  },
  unstated: 'capable',
}

/**
 * The regimes of a new installation. `ai_training` is `opt_in` in each: our rule, stricter than some laws.
 * `default` always applies and is the strictest: a person whose whereabouts nobody knows loses nothing by it.
 */
export const starterRegimes: readonly RegimeDefinition[] = [
  {
    key: 'default',
    name: 'Default: the strictest',
    rules: { service, analytics: optIn, personalization: optIn, ai_training: optIn },
    fallback: optIn,
    ageBands: { default: 16, countries: {}, unstated: 'capable' },
    gpc: { counts: true, purposes: [] },
    consentLifetimeDays: 365,
  },
  {
    key: 'gdpr',
    name: 'European Economic Area and United Kingdom (GDPR, ePrivacy)',
    territories: gdprTerritories,
    rules: { service, analytics: optIn, personalization: optIn, ai_training: optIn },
    fallback: optIn,
    ageBands: gdprAges,
    gpc: { counts: false, purposes: [] },
    consentLifetimeDays: 365,
  },
  {
    key: 'ccpa',
    name: 'California (CCPA as amended by CPRA)',
    // Civil Code §1798.140(i): whoever resides in California.
    territories: ['US-CA'],
    rules: { service, analytics: optOut, personalization: optOut, ai_training: optIn },
    fallback: optOut,
    ageBands: null,
    gpc: { counts: true, purposes: [] },
    consentLifetimeDays: 730,
  },
]
