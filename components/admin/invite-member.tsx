'use client'

import { UserPlus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { MemberRole } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { roleOptions, roleTexts } from './roles.ts'
import { send } from './send.ts'

/** Asks someone in: an address and a role make a link, which is shown once. */
export function InviteMember(): ReactNode {
  return (
    <Dialog
      title="Invite a member"
      description="You get a link to pass on. It lets in one person, once, for seven days."
      trigger={
        <Button>
          <UserPlus aria-hidden className="size-4" /> Invite
        </Button>
      }
    >
      <InvitationMaker />
    </Dialog>
  )
}

function InvitationMaker(): ReactNode {
  const router = useRouter()
  const [role, setRole] = useState<MemberRole>('officer')
  const [made, setMade] = useState<{ email: string; link: string }>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get('email'))
    setIsBusy(true)
    setError(undefined)
    try {
      setMade(await send('POST', 'invitations', { email, role }))
      router.refresh()
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }

  if (made !== undefined) {
    return (
      <div className="grid gap-3">
        <p className="text-sm" role="status">
          Pass this link on to {made.email}. It is not shown again.
        </p>
        <CodeBlock label="Invitation" code={made.link} />
      </div>
    )
  }
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <Field label="E-mail" name="email" type="email" autoComplete="off" required error={error} />
      <Choice
        label="Role"
        name="role"
        options={roleOptions}
        value={role}
        onChange={(event) => setRole(event.target.value as MemberRole)}
      />
      <p className="text-sm text-ink-soft">
        {role} {roleTexts[role]}
      </p>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Making the link …' : 'Make the link'}
      </Button>
    </form>
  )
}
