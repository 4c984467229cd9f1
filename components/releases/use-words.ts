'use client'

import { useEffect, useState } from 'react'
import { createWords, type Messages, type Words } from '../../lib/words/create-words.ts'
import { negotiate } from '../../lib/words/negotiate.ts'

/**
 * What Assent itself says to people in a language that is being edited; undefined until it is there. One language is
 * fetched at a time: a page that bundled all of them would be slow to open.
 */
export function useWords(locale: string): Words | undefined {
  const tag = negotiate(locale)
  const [words, setWords] = useState<Words>()
  useEffect(() => {
    const stopped = new AbortController()
    fetch(`/words/${tag}`, { signal: stopped.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(`/words/${tag} answered ${response.status}.`)
        setWords(createWords(tag, (await response.json()) as Messages))
      })
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) console.error(error)
      })
    return () => stopped.abort()
  }, [tag])
  return words?.locale === tag ? words : undefined
}
