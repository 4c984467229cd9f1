import type { ReactNode } from 'react'
import { CodeBlock } from '../ui/code-block.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { embedSnippets } from './embed-snippets.ts'

/** How a property's pages are made to ask: the code to copy, by how they are built. */
export function EmbedTabs({
  address,
  property,
  name,
}: {
  readonly address: string
  readonly property: string
  readonly name: string
}): ReactNode {
  const { html, next, react } = embedSnippets(address, property)
  const tab = (id: string, title: string, code: string) => ({
    id,
    name: title,
    content: <CodeBlock label={`${title} for ${name}`} code={code} />,
  })
  return (
    <Tabs
      label={`Code for ${name}`}
      tabs={[tab('html', 'HTML', html), tab('next', 'Next.js', next), tab('react', 'React', react)]}
    />
  )
}
