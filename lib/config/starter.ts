import type { ConfigBody } from '../domain/events.ts'
import { noticePublished } from './notice-published.ts'
import { starterNotice } from './starter-notice.ts'
import { starterOrganisation, starterPurposes } from './starter-purposes.ts'
import { starterRegimes } from './starter-regimes.ts'

/**
 * The configuration of a new installation, in an order that can be published from nothing: regimes before the
 * organisation that names one, parents before children, purposes before the notice.
 *
 * `publicOrigin` is the one origin whose pages may act for the property `demo`, such as
 * `http://localhost:3000`.
 */
export function starterConfiguration(publicOrigin: string): readonly ConfigBody[] {
  return [
    { act: 'organisation_published', definition: starterOrganisation },
    ...starterRegimes.map((definition): ConfigBody => ({ act: 'regime_published', version: 1, definition })),
    { act: 'property_published', definition: { key: 'demo', name: 'Demo', origins: [publicOrigin] } },
    ...starterPurposes.map(
      (definition): ConfigBody => ({ act: 'purpose_published', version: 1, definition }),
    ),
    noticePublished(starterNotice),
  ]
}
