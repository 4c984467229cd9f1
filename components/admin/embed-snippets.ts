/**
 * What is copied into a site to make it ask, for plain pages, Next.js and React. `address` is where Assent is reached,
 * without a slash at its end.
 */
export function embedSnippets(address: string, property: string) {
  const link = `<a href="${address}/p/${property}">Your privacy choices</a>`
  return {
    html: `<!-- First in the head -->
<script
  src="${address}/assent-guard.js"
  data-rules='{"analytics": ["https://stats.example/*"]}'
></script>
<script async src="${address}/banner.js" data-property="${property}"></script>

<!-- In the body -->
<noscript>${link}</noscript>
`,
    next: `// app/layout.tsx
import { AssentProvider } from '@assent/react'
import type { ReactNode } from 'react'

const rules = { analytics: ['https://stats.example/*'] }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <script src="${address}/assent-guard.js" data-rules={JSON.stringify(rules)} />
      </head>
      <body>
        <AssentProvider origin="${address}" property="${property}">
          {children}
        </AssentProvider>
        <noscript>
          ${link}
        </noscript>
      </body>
    </html>
  )
}
`,
    react: `import { AssentProvider, IfAllowed } from '@assent/react'

<AssentProvider origin="${address}" property="${property}">
  <IfAllowed purpose="analytics" fallback={<p>Nothing is counted.</p>}>
    <Statistics />
  </IfAllowed>
</AssentProvider>
`,
  }
}
