const name = 'assent.invitation'

/** Keeps an invitation's token in this tab while its bearer is away at the provider. */
export function keepPendingInvitation(token: string): void {
  window.sessionStorage.setItem(name, token)
}

/** The token that was kept, once. */
export function takePendingInvitation(): string | undefined {
  const token = window.sessionStorage.getItem(name) ?? undefined
  window.sessionStorage.removeItem(name)
  return token
}

/** Accepts an invitation on the provider's word. Rejects with words to show. */
export async function acceptWithProvider(token: string, ticket: string): Promise<void> {
  const response = await fetch('/v1/invitations/accept', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, ticket }),
  }).catch(() => {
    throw new Error('The server cannot be reached. Please try again.')
  })
  if (response.ok) return
  const answer = (await response.json().catch(() => ({}))) as { code?: string; detail?: string }
  throw new Error(
    answer.code === 'invitation_invalid'
      ? 'This invitation is to another address, or was used or withdrawn, or has run out.'
      : (answer.detail ?? 'That did not work. Please try again.'),
  )
}
