import type { ReactNode } from 'react'
import { AdminFrame } from '../../../components/admin/admin-frame.tsx'
import { requireMember } from '../../../lib/auth/require-member.ts'

// Read anew for every request.
export const dynamic = 'force-dynamic'

/** Every room of the admin asks who is there first. */
export default async function SignedInLayout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactNode> {
  const { email, role, scopes } = await requireMember()
  return (
    <AdminFrame email={email} role={role} scopes={scopes}>
      {children}
    </AdminFrame>
  )
}
