import { AssentProvider } from '@assent/react'
import type { ReactNode } from 'react'

const assent = process.env.NEXT_PUBLIC_ASSENT_ORIGIN ?? 'https://consent.example.com'
const property = process.env.NEXT_PUBLIC_ASSENT_PROPERTY ?? 'demo'
const rules = { analytics: ['https://stats.example/*'] }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <script src={`${assent}/assent-guard.js`} data-rules={JSON.stringify(rules)} />
      </head>
      <body>
        <AssentProvider origin={assent} property={property}>
          {children}
        </AssentProvider>
        <noscript>
          <a href={`${assent}/p/${property}`}>Your privacy choices</a>
        </noscript>
      </body>
    </html>
  )
}
