import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { embedSnippets } from '../../components/admin/embed-snippets.ts'
import { readSnippet } from './read-snippets.ts'

const page = 'docs/banner-on-your-site.md'

describe(page, () => {
  // The sites are bundled, built and opened in a browser by e2e/ui/embedding.spec.ts.
  test.each([
    ['## React', 'e2e/sites/react/main.tsx'],
    ['## Next.js', 'e2e/sites/next/app/layout.tsx'],
    ['### A page', 'e2e/sites/next/app/page.tsx'],
  ])('shows under %s the site that is tested, %s', (heading, site) =>
    expect(readSnippet(page, heading)).toBe(readFileSync(site, 'utf8')),
  )

  test('shows the very tags that the admin gives to copy', () => {
    const { html } = embedSnippets('https://consent.example.com', 'demo')
    const tags = ['## The tags', '### Without JavaScript'].map((heading) => readSnippet(page, heading).trim())
    for (const tag of tags) expect(html).toContain(tag)
  })
})
