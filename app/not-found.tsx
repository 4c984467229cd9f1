import type { ReactNode } from 'react'
import { Page, PageTitle } from '../components/site/page.tsx'
import { ButtonLink } from '../components/ui/button.tsx'

/** Nothing is at this address, or nothing the visitor may know of. */
export default function NotFound(): ReactNode {
  return (
    <Page width="reading">
      <PageTitle title="There is nothing here">
        <p>The address may be mistyped, or the page may have moved.</p>
      </PageTitle>
      <ButtonLink href="/" variant="outline">
        Go to the start
      </ButtonLink>
    </Page>
  )
}
