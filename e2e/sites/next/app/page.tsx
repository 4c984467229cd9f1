import { IfAllowed } from '@assent/react'

export default function Page() {
  return (
    <main>
      <h1>A page that stays static</h1>
      <IfAllowed purpose="analytics" fallback={<p>Nothing is counted.</p>}>
        <p>This visit is counted.</p>
      </IfAllowed>
    </main>
  )
}
