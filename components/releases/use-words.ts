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
    readWords(tag, stopped.signal)
      .then(setWords)
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) console.error(error)
      })
    return () => stopped.abort()
  }, [tag])
  return words?.locale === tag ? words : undefined
}

/** Rejects where they cannot be read. */
export async function readWords(locale: string, signal?: AbortSignal): Promise<Words> {
  const tag = negotiate(locale)
  const response = await fetch(`/words/${tag}`, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(`/words/${tag} answered ${response.status}.`)
  return createWords(tag, (await response.json()) as Messages)
}
