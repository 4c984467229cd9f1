'use client'

import { signOut } from 'next-auth/react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'

/** Ends the session. */
export function SignOut(): ReactNode {
  return (
    <Button variant="quiet" size="small" onClick={() => signOut({ callbackUrl: '/' })}>
      Sign out
    </Button>
  )
}
