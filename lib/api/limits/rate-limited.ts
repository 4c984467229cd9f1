import { AssentError } from '../../domain/errors.ts'

/**
 * A caller's own limit is reached. The header fields say which and when to come back, as RateLimit header fields for
 * HTTP (draft-ietf-httpapi-ratelimit-headers) write them.
 */
export class RateLimited extends AssentError {
  readonly headers: Readonly<Record<string, string>>

  constructor(
    message: string,
    limit: {
      readonly name: string
      readonly quota: number
      /** Parameters of the policy beyond its quota: `;w=10`. */
      readonly parameters: string
      readonly retryAfterSeconds: number
    },
  ) {
    super('rate_limited', message)
    const { name, quota, parameters, retryAfterSeconds } = limit
    this.headers = {
      'RateLimit-Policy': `"${name}";q=${quota}${parameters}`,
      RateLimit: `"${name}";r=0;t=${retryAfterSeconds}`,
      'Retry-After': String(retryAfterSeconds),
    }
  }
}
