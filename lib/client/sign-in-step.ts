/** What is needed of somebody before she is signed in, with the ticket of the step before. */
export type SignInStep =
  | { readonly needs: 'code'; readonly ticket: string }
  | {
      readonly needs: 'organisation'
      readonly ticket: string
      readonly choices: readonly { readonly member: string; readonly organisation: string }[]
    }
  /** A provider vouches for her, and she is no member: an invitation is what she lacks. */
  | { readonly needs: 'invitation'; readonly ticket: string }

/** A step as text; undefined where it is none. */
export function readSignInStep(text: string): SignInStep | undefined {
  try {
    const step = JSON.parse(text) as SignInStep
    return typeof step.ticket === 'string' && typeof step.needs === 'string' ? step : undefined
  } catch {
    return undefined
  }
}
