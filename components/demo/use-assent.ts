'use client'

import { useEffect, useState } from 'react'
import type { AssentWindow } from '../../lib/web/assent-window.ts'

declare global {
  interface Window {
    readonly assent?: AssentWindow
  }
}

/** The banner's own interface, once its script is there; `change` counts what the person said since. */
export function useAssent(): { readonly assent: AssentWindow | undefined; readonly change: number } {
  const [assent, setAssent] = useState<AssentWindow>()
  const [change, setChange] = useState(0)
  useEffect(() => {
    const look = () => setAssent(window.assent)
    const heard = () => {
      look()
      setChange((count) => count + 1)
    }
    look()
    addEventListener('assent:change', heard)
    return () => removeEventListener('assent:change', heard)
  }, [])
  return { assent, change }
}
