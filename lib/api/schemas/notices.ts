import { z } from '@hono/zod-openapi'

/** What a notice must say and whether it does; see `checkCompleteness`. */
export const completenessCheck = z
  .object({
    check: z.string().openapi({ example: 'contact' }),
    asks: z.string().openapi({ example: 'How to reach them' }),
    source: z.string().openapi({ example: 'GDPR Art. 13(1)(a)–(b)' }),
    outcome: z.enum(['met', 'missing', 'to_read']),
    findings: z.array(z.string()),
  })
  .openapi('CompletenessCheck')

/** All of them. */
export const completeness = z
  .array(completenessCheck)
  .openapi({ description: 'to_read: only someone who reads the words can tell whether they say it.' })
